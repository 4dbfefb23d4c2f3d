using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Trading.MarketData.Tests;

/// <summary>Good inputs, ways to spoil them, and readings of them in one piece and in many.</summary>
static class ReaderFuzzing
{
    /// <summary>What matters to one of the formats, and what to none.</summary>
    static readonly byte[] Marks = [.. "\n\n\r,,\"\"{}[]:\\-+.eET 09NaNz"u8, 0, 0x7f, 0x80, 0xc3, 0xef, 0xbb, 0xbf, 0xff];

    public sealed record Reading(ImmutableArray<BarRow> Rows, ImmutableArray<FieldError> Errors, long Good, long Bad, long Faults)
    {
        public bool Same(Reading other) => (Good, Bad, Faults) == (other.Good, other.Bad, other.Faults)
            && Rows.AsSpan().SequenceEqual(other.Rows.AsSpan()) && Errors.AsSpan().SequenceEqual(other.Errors.AsSpan());
    }

    public static Reading InOnePiece(BarFormat format, ReadOnlySpan<byte> input) => Read(format, input, input.Length + 1, null);

    public static Reading InPieces(BarFormat format, ReadOnlySpan<byte> input, Random random) => Read(format, input, 0, random);

    static Reading Read(BarFormat format, ReadOnlySpan<byte> input, int piece, Random? random)
    {
        var rows = new BarRows(new FileFindings("fuzz"), ignoreUnknown: false);
        RowParser parser = format switch
        {
            BarFormat.Csv => new CsvRowParser(rows),
            BarFormat.NdJson => new NdJsonRowParser(rows),
            _ => new JsonArrayRowParser(rows),
        };
        int done = 0, given = 0;
        while (!parser.Stopped && given < input.Length)
        {
            given = Math.Min(input.Length, given + (random?.Next(1, 24) ?? piece));
            done += parser.Parse(input[done..given], last: false);
        }

        if (!parser.Stopped) parser.Parse(input[done..], last: true);
        return new(rows.Take().ToArray().ToImmutableArray(), rows.Findings.Listed, rows.Good, rows.Bad, rows.Findings.Total);
    }

    public static Bar Bar(Random random)
    {
        var close = Number(random);
        return new(DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(100_000_000_000, 4_000_000_000_000)), close, Number(random), Number(random),
            close, random.Next(4) == 0 ? null : Number(random));
    }

    /// <summary>Of up to 18 digits, with any number of places.</summary>
    static decimal Number(Random random) =>
        new(random.Next(), random.Next(1 << random.Next(28)), 0, random.Next(9) == 0, (byte)random.Next(4, 19));

    public static string Csv(Bar bar, Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{Time(bar.Time, random)},{bar.Open},{bar.High},{bar.Low},{bar.Close},{bar.Volume}");

    public static string Json(Bar bar, Random random)
    {
        var volume = bar.Volume?.ToString(CultureInfo.InvariantCulture) ?? "null";
        return string.Create(CultureInfo.InvariantCulture,
            $$"""{"time":"{{Time(bar.Time, random)}}","open":{{bar.Open}},"high":{{bar.High}},"low":"{{bar.Low}}","close":{{bar.Close}},"volume":{{volume}}}""");
    }

    static string Time(DateTimeOffset time, Random random) => random.Next(4) switch
    {
        0 => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        1 => time.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture),
        2 => time.ToString("yyyy-MM-dd HH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
        _ => time.ToOffset(TimeSpan.FromMinutes(15 * random.Next(-48, 48))).ToString("o", CultureInfo.InvariantCulture),
    };

    /// <summary>Replaces, inserts, removes and repeats bytes.</summary>
    /// <returns>The new length; <paramref name="text"/> has room for it.</returns>
    public static int Spoil(byte[] text, int length, Random random)
    {
        for (var changes = random.Next(1, 5); changes > 0 && length > 0; changes--)
        {
            var at = random.Next(length);
            var mark = random.Next(4) == 0 ? (byte)random.Next(256) : Marks[random.Next(Marks.Length)];
            switch (random.Next(4))
            {
                case 0: text[at] = mark; break;
                case 1: Array.Copy(text, at, text, at + 1, length++ - at); text[at] = mark; break;
                case 2: Array.Copy(text, at + 1, text, at, --length - at); break;
                default:
                    var count = Math.Min(random.Next(1, 30), length - at);
                    Array.Copy(text, at, text, at + count, length - at);
                    length += count;
                    break;
            }
        }

        return length;
    }

    public static byte[][] Templates(int count, Random random, Func<Random, string> write) =>
        [.. Enumerable.Range(0, count).Select(_ => Encoding.UTF8.GetBytes(write(random)))];
}
