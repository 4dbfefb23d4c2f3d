using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class PriceAdjustmentTests
{
    static readonly DateTimeOffset Monday = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [ReferenceFact]
    public void FactorFiles_GiveEveryAdjustedClose_OfTheReference()
    {
        var rows = 0;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Shared!, "data", "adjusted")))
        {
            var factors = new Dictionary<string, PriceAdjustment>();
            foreach (var cells in File.ReadLines(path).Skip(1).Select(line => line.Split(',')))
            {
                if (!factors.TryGetValue(cells[5], out var adjustment))
                    factors[cells[5]] = adjustment = Factors(cells[5]).Adjustment;
                var factor = adjustment.On(DateOnly.Parse(cells[0], CultureInfo.InvariantCulture));
                var (close, expected) = (decimal.Parse(cells[1], CultureInfo.InvariantCulture), double.Parse(cells[4], CultureInfo.InvariantCulture));
                (Math.Abs((double)factor.Apply(close) - expected) <= 1e-9 * expected).ShouldBeTrue($"{path} {cells[0]}");
                rows++;
            }
        }

        rows.ShouldBeGreaterThan(30_000);
    }

    /// <summary>The way round: the actions that the factors stand for give the factors again, within the seven digits that those have.</summary>
    [ReferenceFact]
    public void ActionsAndRawBars_GiveTheFactorsAgain()
    {
        foreach (var symbol in new[] { "aapl", "ibm", "spy" })
        {
            var file = Factors(symbol);
            Bar[] bars = [.. File.ReadLines(Path.Combine(RepositoryFiles.Shared!, "data", "daily", symbol + ".csv")).Skip(1).Select(line => line.Split(','))
                .Select(cells => Bar.OfClose(new(DateTime.Parse(cells[0], CultureInfo.InvariantCulture), TimeSpan.Zero), decimal.Parse(cells[4], CultureInfo.InvariantCulture)))];
            var last = DateOnly.FromDateTime(bars[^1].Time.Date);
            var (built, scale) = (PriceAdjustment.FromActions(file.Actions(NyseCalendar.Instance), bars), file.Adjustment.On(last));
            foreach (var bar in bars)
            {
                var date = DateOnly.FromDateTime(bar.Time.Date);
                var (mine, theirs) = ((double)built.On(date).Apply(1), (double)file.Adjustment.On(date).Apply(1));
                mine.ShouldBe(theirs / (double)scale.Apply(1) * (double)built.On(last).Apply(1), 1e-4 * theirs, $"{symbol} {date}");
            }
        }
    }

    [Fact]
    public void SplitAndDividend_AreTakenOut_ByTheConventionOfCrsp()
    {
        Bar[] bars = [Day(0, 100), Day(1, 102), Day(2, 50), Day(3, 51)];
        CorporateAction[] actions = [new(new(2024, 1, 3), CorporateActionKind.Split, 2), new(new(2024, 1, 4), CorporateActionKind.Dividend, 1)];
        var sides = PriceAdjustment.FromActions(actions, bars).Apply(bars).ToArray();
        sides.Select(side => side.Raw).ShouldBe(bars);
        sides.Select(side => side.Adjusted.Close).ShouldBe([49m, 49.98m, 49m, 51m]);
        sides.Select(side => side.Adjusted.Volume).ShouldBe([20m, 20m, 10m, 10m]);
    }

    [Fact]
    public void BadFactors_AndADividendAsLargeAsThePrice_AreRefused()
    {
        Should.Throw<ArgumentException>(() => PriceAdjustment.FromFactors([(new(2024, 1, 1), new(0, 1))]));
        Should.Throw<ArgumentException>(() => PriceAdjustment.FromFactors([(new(2024, 1, 2), new(1, 1)), (new(2024, 1, 1), new(1, 1))]));
        Should.Throw<ArgumentException>(() => PriceAdjustment.FromActions([new(new(2024, 1, 3), CorporateActionKind.Dividend, 102)], [Day(0, 100), Day(1, 102)]));
        Should.Throw<ArgumentException>(() => PriceAdjustment.FromActions([new(new(2024, 1, 3), CorporateActionKind.Split, 0)], [Day(0, 100)]));
    }

    [Fact]
    public void SplitThatThePriceFollows_LeavesNoReturnBehind()
    {
        var cases = from price in Gen.Choose(10, 100_000) from ratio in Gen.Elements(0.1m, 0.5m, 1.5m, 2m, 7m, 20m) from day in Gen.Choose(1, 8)
                    select (Price: (decimal)price, Ratio: ratio, Day: day);
        Prop.ForAll(cases.ToArbitrary(), each =>
        {
            Bar[] bars = [.. Enumerable.Range(0, 10).Select(day => Day(day, day < each.Day ? each.Price : each.Price / each.Ratio))];
            var adjusted = PriceAdjustment.FromActions([new(new DateOnly(2024, 1, 1).AddDays(each.Day), CorporateActionKind.Split, each.Ratio)], bars).Apply(bars);
            return adjusted.All(side => Math.Abs((side.Adjusted.Close / bars[^1].Close) - 1) < 1e-20m);
        }).QuickCheckThrowOnFailure();
    }

    static FactorFile Factors(string name) => FactorFile.Read(Path.Combine(RepositoryFiles.Shared!, "data", "factors", name + ".csv"));

    static Bar Day(int day, decimal close) => new(Monday.AddDays(day), close, close, close, close, 10);
}
