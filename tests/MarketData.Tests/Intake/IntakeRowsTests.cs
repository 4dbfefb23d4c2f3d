using System.Globalization;
using System.Text;

namespace Trading.MarketData.Tests;

public sealed class IntakeRowsTests
{
    const string Header = "symbol,date,open,high,low,close\n";

    [Fact]
    public async Task RowsBeforeTheFirstFault_ComeOut_AndOnlyThatFaultIsReported()
    {
        var rows = Rows($"{Header}IBM,2025-01-02,1,1,1,1\nIBM,2025-01-03,x,1,y,1\nIBM,2025-01-06,1,1,1,1\nIBM,x,1,1,1,1\n", stopAtFault: true);

        (await ReadAsync(rows)).ShouldBe(["IBM"]);

        var report = rows.Report();
        (report.Good, report.Bad).ShouldBe((1, 1));
        report.Errors.Select(error => (error.Line, error.Field)).ShouldBe([(3L, "open"), (3L, "low")]);
    }

    [Theory]
    [InlineData(",")]
    [InlineData(",\n")]
    public async Task ElementsBeforeTheFirstBadOne_ComeOut_AlsoWhereAllStandOnOneLine(string separator)
    {
        var rows = Rows($"[{string.Join(separator, Element("IBM"), Element("GE"), Element("A", "\"x\""), Element("KO"))}]", stopAtFault: true);

        (await ReadAsync(rows)).ShouldBe(["IBM", "GE"]);

        var report = rows.Report();
        (report.Good, report.Bad).ShouldBe((2, 1));
        report.Errors.ShouldHaveSingleItem().Index.ShouldBe(2);
    }

    [Theory]
    [InlineData("}", null)]
    [InlineData(",7]", 2L)]
    [InlineData("", null)]
    public async Task ElementsBeforeABrokenEnd_ComeOut(string end, long? index)
    {
        var rows = Rows($"[{Element("IBM")},{Element("GE")}{end}", stopAtFault: true);

        (await ReadAsync(rows)).ShouldBe(["IBM", "GE"]);
        rows.Report().Errors.ShouldHaveSingleItem().Index.ShouldBe(index);
    }

    static string Element(string symbol, string close = "1") =>
        $$"""{"symbol":"{{symbol}}","date":"2025-01-02","open":1,"high":1,"low":1,"close":{{close}}}""";

    [Fact]
    public async Task RowsWithFaults_ArePassedOver_AndCountedByRule()
    {
        var rows = Rows($"{Header}IBM,2025-01-02,1,1,1,1\nIBM,2025-01-03,x,1,1,1\n,2025-01-06,1,1,1,1\nGE,2025-01-06,1,1,1,1\n");

        (await ReadAsync(rows)).ShouldBe(["IBM", "GE"]);

        var report = rows.Report();
        (report.Good, report.Bad, report.IsSound).ShouldBe((2, 2, false));
        report.Faults.Select(fault => fault.Rule).ShouldBe(["empty", "number"], ignoreOrder: true);
    }

    [Fact]
    public async Task SymbolForAllRows_FillsIn_AndContradictsNone()
    {
        (await ReadAsync(Rows("date,open,high,low,close\n2025-01-02,1,1,1,1\n", "IBM"))).ShouldBe(["IBM"]);
        var other = Rows($"{Header}GE,2025-01-02,1,1,1,1\n", "IBM");
        (await ReadAsync(other)).ShouldBeEmpty();
        other.Report().Errors.ShouldHaveSingleItem().Rule.ShouldBe("other_symbol");
        var missing = Rows("date,open,high,low,close\n2025-01-02,1,1,1,1\n");
        (await ReadAsync(missing)).ShouldBeEmpty();
        missing.Report().Errors.ShouldHaveSingleItem().Rule.ShouldBe("required");
    }

    [Fact]
    public async Task MoreSymbolsThanAreTaken_AreFaults()
    {
        var text = new StringBuilder(Header);
        for (var symbol = 0; symbol <= ValidationReport.MaxSymbols; symbol++) text.Append(CultureInfo.InvariantCulture, $"S{symbol},2025-01-02,1,1,1,1\n");
        var rows = Rows(text.ToString());

        (await ReadAsync(rows)).Count.ShouldBe(ValidationReport.MaxSymbols);
        rows.Report().Errors.ShouldHaveSingleItem().Rule.ShouldBe("max_symbols");
    }

    static IntakeRows Rows(string text, string? symbol = null, bool stopAtFault = false) =>
        new(new MemoryStream(Encoding.UTF8.GetBytes(text)), symbol, stopAtFault: stopAtFault);

    static async Task<List<string>> ReadAsync(IntakeRows rows)
    {
        List<string> symbols = [];
        await foreach (var batch in rows.ReadAsync(CancellationToken.None))
            foreach (var row in batch.ToArray()) symbols.Add(row.Symbol!);
        return symbols;
    }
}
