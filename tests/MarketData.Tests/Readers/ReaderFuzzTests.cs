using System.Globalization;
using System.Text;

namespace Trading.MarketData.Tests;

/// <summary>Together more than a million inputs, all from fixed seeds. A reader throws nothing whatever it is given, names a line with every
/// fault, and does not care how its input is cut into pieces.</summary>
public abstract class ReaderFuzzTests
{
    /// <summary>Spoiled copies of good inputs.</summary>
    private protected static void ShouldSurvive(BarFormat format, int cases, int seed, Func<Random, string> write)
    {
        var random = new Random(seed);
        var templates = ReaderFuzzing.Templates(2_000, random, write);
        var text = new byte[2_000];
        for (var i = 0; i < cases; i++)
        {
            var template = templates[random.Next(templates.Length)];
            template.CopyTo(text, 0);
            var input = text.AsSpan(0, ReaderFuzzing.Spoil(text, template.Length, random));

            var whole = ReaderFuzzing.InOnePiece(format, input);
            var pieces = ReaderFuzzing.InPieces(format, input, random);

            if (!whole.Same(pieces) || whole.Errors.Any(error => error.Line is null or < 1) || whole.Rows.Length != whole.Good)
                Assert.Fail($"case {i}: {Convert.ToHexString(input)}\n{whole}\n{pieces}");
        }
    }
}

public sealed class CsvFuzzTests : ReaderFuzzTests
{
    const string Header = "time,open,high,low,close,volume\n";

    [Fact]
    public void SpoiledInputs_ReadTheSameInAnyPieces() => ShouldSurvive(BarFormat.Csv, 250_000, 1, random =>
        Header + string.Concat(Enumerable.Range(0, random.Next(1, 3)).Select(_ => ReaderFuzzing.Csv(ReaderFuzzing.Bar(random), random) + "\n")));

    /// <summary>The header is whole, so that what follows is reached.</summary>
    [Fact]
    public void NoiseBehindAHeader_ReadsTheSameInAnyPieces()
    {
        var random = new Random(2);
        var text = new byte[200];
        Encoding.UTF8.GetBytes(Header, text);
        for (var i = 0; i < 150_000; i++)
        {
            var length = Header.Length + random.Next(0, 60);
            for (var at = Header.Length; at < length; at++) text[at] = (byte)(random.Next(8) == 0 ? random.Next(256) : "0123456789.,-T:\n"[random.Next(16)]);
            var input = text.AsSpan(0, length);

            var whole = ReaderFuzzing.InOnePiece(BarFormat.Csv, input);

            if (!whole.Same(ReaderFuzzing.InPieces(BarFormat.Csv, input, random)) || whole.Errors.Any(error => error.Line is null or < 2))
                Assert.Fail($"case {i}: {Convert.ToHexString(input)}\n{whole}");
        }
    }

    /// <summary>Some rows are good and some spoiled in a known way: each good one comes out as it is, of each other one exactly the fault.</summary>
    [Fact]
    public void EveryGoodRowComesOut_AndEveryBadOneIsNamed()
    {
        var random = new Random(3);
        var templates = Enumerable.Range(0, 2_000).Select(_ => ReaderFuzzing.Bar(random)).Select(bar => (Bar: bar, Line: ReaderFuzzing.Csv(bar, random))).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < 40_000; i++)
        {
            text.Clear().Append(Header);
            List<BarRow> rows = [];
            List<(long?, string, string)> faults = [];
            for (var line = 2; line < 5; line++)
            {
                var (bar, good) = templates[random.Next(templates.Length)];
                if (random.Next(2) == 0)
                {
                    rows.Add(new(line, null, bar));
                    text.Append(good).Append('\n');
                    continue;
                }

                var (bad, field, rule) = Break(good, random.Next(91) / 10); // the endless line is rare: it is slow in small pieces
                faults.Add((line, field, rule));
                text.Append(bad).Append('\n');
            }

            var read = ReaderFuzzing.InPieces(BarFormat.Csv, Encoding.UTF8.GetBytes(text.ToString()), random);

            if (!read.Rows.SequenceEqual(rows) || !read.Errors.Select(error => (error.Line, error.Field, error.Rule)).SequenceEqual(faults))
                Assert.Fail($"case {i}: {text}\n{read}");
        }
    }

    static (string Line, string Field, string Rule) Break(string good, int kind)
    {
        var cells = good.Split(',');
        switch (kind)
        {
            case 0: cells[1] = "x" + cells[1]; return (string.Join(',', cells), "open", "number");
            case 1: cells[2] = ""; return (string.Join(',', cells), "high", "empty");
            case 2: cells[3] = "NaN"; return (string.Join(',', cells), "low", "nan");
            case 3: cells[4] += "e"; return (string.Join(',', cells), "close", "number");
            case 4: cells[5] = "1000000000000000"; return (string.Join(',', cells), "volume", "range");
            case 5: cells[0] = "2024-02-30"; return (string.Join(',', cells), "time", "date");
            case 6: return (string.Join(',', cells[..5]), "row", "cells");
            case 7: return (good + ",1", "row", "cells");
            case 8: return (good + "\"", "row", "quote");
            default: return (good + new string('1', RowParser.MaxRowBytes), "row", "line_length");
        }
    }

    /// <summary>The same numbers as the framework's reader, which is slower and rounds.</summary>
    [Fact]
    public void Numbers_AreThoseOfTheFramework()
    {
        var random = new Random(4);
        var cell = new byte[40];
        for (var i = 0; i < 700_000; i++)
        {
            var length = random.Next(1, random.Next(8) == 0 ? 40 : 12);
            for (var at = 0; at < length; at++) cell[at] = (byte)"0123456789012345678901234567890123456789....-+eE,N"[random.Next(50)];
            if (random.Next(3) > 0) cell.AsSpan(1, length - 1).Replace((byte)'-', (byte)'5');

            var fault = BarCells.Number(cell.AsSpan(0, length), out var number);

            var known = decimal.TryParse(cell.AsSpan(0, length), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var expected);
            var scaled = cell.AsSpan(0, length).ContainsAny((byte)'e', (byte)'E'); // where what does not fit rounds to zero
            var agrees = fault switch
            {
                CellFault.None => known && number == expected && (scaled || number.Scale == expected.Scale),
                CellFault.Range => !known || Math.Abs(expected) >= BarCells.Bound || length > 28 || scaled,
                _ => !known,
            };
            if (!agrees) Assert.Fail($"case {i}: {Encoding.ASCII.GetString(cell, 0, length)} is {fault} {number}, not {known} {expected}");
        }
    }
}

public sealed class JsonFuzzTests : ReaderFuzzTests
{
    [Fact]
    public void SpoiledLines_ReadTheSameInAnyPieces() => ShouldSurvive(BarFormat.NdJson, 60_000, 5, random =>
        string.Concat(Enumerable.Range(0, random.Next(1, 3)).Select(_ => ReaderFuzzing.Json(ReaderFuzzing.Bar(random), random) + "\n")));

    [Fact]
    public void SpoiledArrays_ReadTheSameInAnyPieces() => ShouldSurvive(BarFormat.JsonArray, 30_000, 6, random =>
        "[" + string.Join(random.Next(2) == 0 ? "," : ",\n ", Enumerable.Range(0, random.Next(1, 3)).Select(_ => ReaderFuzzing.Json(ReaderFuzzing.Bar(random), random))) + "]\n");
}

/// <summary>The whole reader over streams that give little at a time.</summary>
public sealed class StreamFuzzTests
{
    [Theory]
    [InlineData(nameof(BarFormat.Csv))]
    [InlineData(nameof(BarFormat.NdJson))]
    [InlineData(nameof(BarFormat.JsonArray))]
    public async Task AHaltingStream_GivesEveryRowOnceAndInOrder(string name)
    {
        var format = Enum.Parse<BarFormat>(name);
        var random = new Random(7);
        var bars = Enumerable.Range(0, 5_000).Select(_ => ReaderFuzzing.Bar(random)).ToArray();
        var text = format switch
        {
            BarFormat.Csv => "time,open,high,low,close,volume\r\n" + string.Join("\r\n", bars.Select(bar => ReaderFuzzing.Csv(bar, random))),
            BarFormat.NdJson => string.Join('\n', bars.Select(bar => ReaderFuzzing.Json(bar, random))),
            _ => "\uFEFF[\n" + string.Join(",\n", bars.Select(bar => ReaderFuzzing.Json(bar, random))) + "\n]",
        };
        var reader = new BarReader(new HaltingStream(Encoding.UTF8.GetBytes(text), random));
        List<BarRow> rows = [];

        await foreach (var batch in reader.ReadAsync()) rows.AddRange(batch.Span);

        reader.ThrowIfBad();
        rows.Select(row => row.Bar).ShouldBe(bars);
        rows.Select(row => row.Line).ShouldBe(Enumerable.Range(format == BarFormat.NdJson ? 1 : 2, bars.Length).Select(line => (long)line));
    }

    /// <summary>What is not asked for is not read.</summary>
    [Fact]
    public async Task AnInputIsReadOnlyAsFarAsRowsAreTaken()
    {
        var line = "2024-03-01,1,1,1,1,1\n"u8.ToArray();
        var input = new MemoryStream([.. "time,open,high,low,close,volume\n"u8, .. Enumerable.Repeat(line, 100_000).SelectMany(bytes => bytes)]);

        await foreach (var batch in new BarReader(input).ReadAsync())
        {
            batch.Length.ShouldBeInRange(1, 70_000 / line.Length);
            break;
        }

        input.Position.ShouldBeLessThan(140_000);
    }

    sealed class HaltingStream(byte[] content, Random random) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + random.Next(1 << random.Next(12)))], cancellationToken);
    }
}
