using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class ActionFileTests
{
    const string Header = "symbol,ex_date,kind,value\n";

    [Fact]
    public void Actions_ComeBySymbol_InTheOrderOfTheirDates()
    {
        var actions = Parse(Header + "aapl,2020-08-31,split,4\nAAPL,2014-06-09,split,7\nIBM,2020-02-07,dividend,1.62\n");

        actions["AAPL"].ShouldBe([new(new(2014, 6, 9), CorporateActionKind.Split, 7), new(new(2020, 8, 31), CorporateActionKind.Split, 4)]);
        actions["IBM"].ShouldBe([new(new(2020, 2, 7), CorporateActionKind.Dividend, 1.62m)]);
    }

    [Fact]
    public void SymbolChange_NamesTheNewSymbol_AndADelistingMayBeWorthNothing()
    {
        var actions = Parse(Header + "FB,2022-06-09,symbol_change,meta\nXX,2020-01-02,delisting,0\n");
        actions["FB"].ShouldBe([CorporateAction.Renamed(new(2022, 6, 9), "META")]);
        actions["XX"].ShouldBe([new(new(2020, 1, 2), CorporateActionKind.Delisting, 0)]);
        Should.Throw<MarketDataFormatException>(() => Parse(Header + "FB,2022-06-09,symbol_change,a b\n"))
            .Errors.ShouldHaveSingleItem().Rule.ShouldBe("symbol");
    }

    [Fact]
    public void EverythingThatIsWrong_IsNamedAtOnce_WithItsLine() =>
        Should.Throw<MarketDataFormatException>(() => Parse(Header + "A B,2020-13-01,merger,-1\nIBM,2020-02-07,dividend,1\nibm,2020-02-07,dividend,2\nIBM,2020-02-08,split,0\n"))
            .Errors.Select(error => (error.Field, error.Rule, error.Line)).ShouldBe(
            [
                ("symbol", "symbol", 2L), ("ex_date", "date", 2L), ("kind", "kind", 2L), ("value", "number", 2L),
                ("ex_date", "duplicate", 4L), ("value", "number", 5L),
            ]);

    [Fact]
    public async Task FolderWithActions_AnswersThemBesideTheBars_UntilTheFileIsGone()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, ActionFile.Name);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "ibm.csv"), "date,open,high,low,close\n2020-02-06,10,10,10,10\n2020-02-07,9,9,9,9\n");
        await File.WriteAllTextAsync(file, Header + "IBM,2020-02-07,dividend,1\n");
        using var source = new FolderSource(folder.Path, InstrumentDirectory.Empty, TimeSpan.Zero, new ManualTimeProvider(), NullLogger<FolderSource>.Instance);

        (await AskAsync(source)).Actions.ShouldBe([new(new(2020, 2, 7), CorporateActionKind.Dividend, 1)]);
        source.Problems.ShouldBeEmpty();

        await File.WriteAllTextAsync(file, Header + "IBM,2020-02-07,merger,1\n");
        (await AskAsync(source)).Actions.ShouldHaveSingleItem("a file that breaks a rule leaves the last good content");
        source.Problems.ShouldHaveSingleItem().File.ShouldBe(ActionFile.Name);

        File.Delete(file);
        (await AskAsync(source)).Actions.ShouldBeEmpty();
    }

    static Task<BarAnswer> AskAsync(FolderSource source) => source.FetchAsync(new("IBM", BarInterval.OneDay, null, null), default);

    static IReadOnlyDictionary<string, System.Collections.Immutable.ImmutableArray<CorporateAction>> Parse(string text) =>
        ActionFile.Parse(Encoding.UTF8.GetBytes(text), "actions.csv");
}
