using System.Globalization;
using System.Text;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class PriceFileTests
{
    const string Good = "date,AA,BB\n2020-01-02,1.5,10\n2020-01-03,1.6,11\n";

    [Fact]
    public void Sample_IsReadWhole_WithASectorForEverySymbol()
    {
        var sample = Histories.Sample;

        sample.Sessions.Length.ShouldBe(2_529);
        sample.Sessions[0].ShouldBe(new DateOnly(1990, 12, 31));
        sample.Sessions[^1].ShouldBe(new DateOnly(2001, 1, 2));
        sample.Symbols.Count.ShouldBe(30);
        sample.Symbols.Values.ShouldAllBe(symbol => symbol.Sector != null && symbol.Closes.Length == 2_529);
        sample.Symbols["AA"].Closes[0].ShouldBe(5.92m);
        sample.Symbols["DIS"].Closes[^1].ShouldBe(27.94m);
    }

    [Fact]
    public void Closes_AreExactlyWhatTheFileSays_Cell_ByCell()
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryFiles.Sample, "closes.csv"));
        var symbols = lines[0].Split(',');
        for (var row = 1; row < lines.Length; row++)
        {
            var cells = lines[row].Split(',');
            for (var column = 1; column < cells.Length; column++)
                Histories.Sample.Symbols[symbols[column]].Closes[row - 1].ShouldBe(decimal.Parse(cells[column], CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("date,AA\r\n2020-01-02,1.5\r\n")]
    [InlineData("\uFEFFdate,AA\n2020-01-02,1.5\n")]
    [InlineData("\"date\",\"AA\"\n\"2020-01-02\",\"1.5\"\n")]
    [InlineData("Date,aa\n2020-01-02,+1.5")]
    public void FormsThatProgramsWrite_AreRead(string file)
    {
        var history = Histories.Parse(file);

        history.Sessions.ShouldBe([new DateOnly(2020, 1, 2)]);
        history.Symbols["AA"].Closes.ShouldBe([1.5m]);
    }

    [Theory]
    [InlineData("", "file", "empty_file", null)]
    [InlineData("\n \n", "file", "empty_file", null)]
    [InlineData("date,AA\n", "file", "no_rows", null)]
    [InlineData("day,AA\n2020-01-02,1\n", "date", "missing_column", 1L)]
    [InlineData("date\n2020-01-02\n", "file", "missing_column", 1L)]
    [InlineData("date,AA,aa\n2020-01-02,1,1\n", "AA", "duplicate_column", 1L)]
    [InlineData("date,AA,\n2020-01-02,1,1\n", "column 3", "symbol", 1L)]
    [InlineData("date,A A\n2020-01-02,1\n", "column 2", "symbol", 1L)]
    [InlineData("date,AA\n2020-01-02,1\n2020-01-02,1\n", "date", "duplicate", 3L)]
    [InlineData("date,AA\n2020-01-03,1\n2020-01-02,1\n", "date", "order", 3L)]
    [InlineData("date,AA\n02/01/2020,1\n", "date", "date", 2L)]
    [InlineData("date,AA\n2020-02-30,1\n", "date", "date", 2L)]
    [InlineData("date,AA\n2026-01-06,1\n", "date", "future", 2L)]
    [InlineData("date,AA\n2020-01-02,n/a\n", "AA", "number", 2L)]
    [InlineData("date,AA\n2020-01-02,1e3\n", "AA", "number", 2L)]
    [InlineData("date,AA\n2020-01-02, 1\n", "AA", "number", 2L)]
    [InlineData("date,AA\n2020-01-02,NaN\n", "AA", "number", 2L)]
    [InlineData("date,AA\n2020-01-02,99999999999999999999999999999999\n", "AA", "number", 2L)]
    [InlineData("date,AA\n2020-01-02,\n", "AA", "empty", 2L)]
    [InlineData("date,AA\n2020-01-02,0\n", "AA", "positive", 2L)]
    [InlineData("date,AA\n2020-01-02,-3\n", "AA", "positive", 2L)]
    [InlineData("date,AA\n2020-01-02,10000000.01\n", "AA", "price_range", 2L)]
    [InlineData("date,AA\n2020-01-02,0.000000001\n", "AA", "price_range", 2L)]
    [InlineData("date,AA\n2020-01-02,1,2\n2020-01-03,1\n", "row", "cells", 2L)]
    [InlineData("date,AA\n2020-01-02\n2020-01-03,1\n", "row", "cells", 2L)]
    [InlineData("date,AA\n\n2020-01-03,1\n", "row", "cells", 2L)]
    [InlineData("date,AA,BB\n2020-01-02,1,2\n2020-01-03,1", "row", "truncated", 3L)]
    [InlineData("date,AA\n2020-01-02,1\n2020-01-0", "row", "truncated", 3L)]
    [InlineData("date,AA\n2020-01-02,1\"2\n2020-01-03,1\n", "row", "quote", 2L)]
    [InlineData("date,AA\n2020-01-02,\"1\"2\n2020-01-03,1\n", "row", "quote", 2L)]
    [InlineData("date,AA\n2020-01-01,1\n2020-01-02,\"1\n2020-01-03,1\n2020-01-04,1\n", "row", "quote", 3L)]
    [InlineData("date,AA\n2020-01-01,1\n2020-01-02,\"1", "row", "quote", 3L)]
    public void BadFile_IsRefused_WithFieldRuleAndLine(string file, string field, string rule, long? line)
    {
        var refused = Should.Throw<MarketDataFormatException>(() => Histories.Parse(file));

        var error = refused.Errors.ShouldHaveSingleItem();
        (error.Field, error.Rule, error.Line).ShouldBe((field, rule, line));
        refused.Message.ShouldStartWith("prices.csv cannot be used; 1 broken rule:");
        refused.Message.ShouldContain(error.Message);
    }

    [Fact]
    public void EveryBrokenRule_IsNamedAtOnce_InTheOrderOfTheFile()
    {
        var refused = Should.Throw<MarketDataFormatException>(() =>
            Histories.Parse("date,AA,BB\n2020-01-02,x,-1\n2020-01-03,1\nsoon,,1\n2020-01-02,1,1\n"));

        refused.Errors.Select(error => (error.Line, error.Field, error.Rule)).ShouldBe(
        [
            (2L, "AA", "number"), (2L, "BB", "positive"), (3L, "row", "cells"), (4L, "date", "date"), (4L, "AA", "empty"), (5L, "date", "duplicate"),
        ]);
    }

    [Fact]
    public void BytesThatAreNotUtf8_AreRefused_WithTheirLine()
    {
        byte[] latin = [.. "date,AA\n2020-01-02,"u8, 0xE9, .. "\n"u8];

        var error = Should.Throw<MarketDataFormatException>(() => Histories.Parse(latin)).Errors.ShouldHaveSingleItem();

        (error.Rule, error.Line).ShouldBe(("utf8", 2L));
    }

    [Fact]
    public void Utf16File_IsRefused()
    {
        var errors = Should.Throw<MarketDataFormatException>(() => Histories.Parse([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Good)])).Errors;

        errors.ShouldContain(error => error.Rule == "utf8");
    }

    [Fact]
    public void MissingFile_IsRefused_WithItsName()
    {
        var refused = Should.Throw<MarketDataFormatException>(() => PriceHistory.Load("nowhere/closes.csv", null, Histories.Today));

        refused.File.ShouldBe("nowhere/closes.csv");
        refused.Errors.ShouldHaveSingleItem().Rule.ShouldBe("unreadable");
    }

    [Fact]
    public void ErrorsBeyondTheFirstHundred_AreCountedOnly()
    {
        var rows = Histories.Days(250).Select(day => $"{day:yyyy-MM-dd},bad\n");

        var refused = Should.Throw<MarketDataFormatException>(() => Histories.Parse("date,AA\n" + string.Concat(rows)));

        (refused.Errors.Length, refused.Total).ShouldBe((100, 250));
        refused.Message.ShouldEndWith("and 150 more");
    }

    [Fact]
    public void MessageOfAHugeOrUnprintableCell_IsShortAndPrintable()
    {
        var refused = Should.Throw<MarketDataFormatException>(() => Histories.Parse("date,AA\n2020-01-02,\u001b[31m" + new string('9', 900) + "\n"));

        refused.Message.Length.ShouldBeLessThan(200);
        refused.Message.ShouldNotContain('\u001b');
    }

    [Fact]
    public void FileCutInsideARow_IsRefused_AndCutBehindOneIsShorter()
    {
        var lines = File.ReadLines(Path.Combine(RepositoryFiles.Sample, "closes.csv")).Take(8).ToArray();
        var whole = string.Join('\n', lines) + "\n";
        for (var length = whole.IndexOf('\n', StringComparison.Ordinal) + 2; length <= whole.Length; length++)
        {
            var cut = whole[..length];
            var lastLine = cut[(cut.LastIndexOf('\n') + 1)..];
            if (lastLine.Length > 0 && lastLine.Count(letter => letter == ',') < 30)
                Should.Throw<MarketDataFormatException>(() => Histories.Parse(cut)).Errors[0].Rule.ShouldBe("truncated");
            else if (lastLine.Length == 0)
                Histories.Parse(cut).Sessions.Length.ShouldBe(cut.Count(letter => letter == '\n') - 1);
        }
    }

    /// <summary>Cuts, flips, doubles and inserts bytes; a mutant is either read or refused with at least one named error.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void MutatedFile_IsReadOrRefused_AndNeverFailsOtherwise(int seed)
    {
        var random = new Random(seed);
        var original = Encoding.UTF8.GetBytes("date,AA,BB,CC\n" + string.Concat(Histories.Days(12).Select((day, row) => $"{day:yyyy-MM-dd},{row + 1}.25,\"7\",{100 - row}\n")));
        var refused = 0;
        for (var round = 0; round < 3_000; round++)
        {
            try
            {
                var history = Histories.Parse(Mutate(original, random));
                history.Symbols.Values.ShouldAllBe(symbol => symbol.Closes.Length == history.Sessions.Length && symbol.Closes.All(close => close > 0));
            }
            catch (MarketDataFormatException refusal)
            {
                refusal.Errors.ShouldNotBeEmpty();
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(1_000);
    }

    static byte[] Mutate(byte[] original, Random random)
    {
        byte[] special = [.. "\",\n\r\0 -.eE#'/9"u8, 0xFF, 0xC3, 0xEF];
        List<byte> bytes = [.. original];
        for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[place] = (byte)random.Next(256); break;
                case 1: bytes[place] = special[random.Next(special.Length)]; break;
                case 2: bytes.Insert(place, special[random.Next(special.Length)]); break;
                case 3: bytes.RemoveRange(place, Math.Min(random.Next(1, 30), bytes.Count - place)); break;
                default: bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 60), bytes.Count - place))); break;
            }
        }

        return [.. bytes];
    }
}
