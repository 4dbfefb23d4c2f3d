using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Models.Tests;

public sealed class MacroInputsTests
{
    static readonly ImmutableArray<DateOnly> Sessions = [.. Enumerable.Range(0, 400).Select(Histories.First.AddDays)];

    static MacroObservation Of(int period, decimal? value, int knownDay, double hour = 0) => new(
        Histories.First.AddDays(period), value,
        new DateTimeOffset(Histories.First.AddDays(knownDay), default, TimeSpan.Zero).AddHours(hour));

    static (Learning.ExternalSeries? Series, string? Problem) Input(params ImmutableArray<MacroObservation> observations) =>
        MacroInputs.Of(new("DGS10", MacroStatus.Fresh, "fred", observations, null, null, 0, null), Sessions);

    [Fact]
    public void AValue_IsUsedFromTheFirstCloseAfterItWasKnown_NotFromItsPeriod()
    {
        var series = Input(Of(period: 0, 1.5m, knownDay: 30), Of(period: 31, 2.5m, knownDay: 60, hour: 14)).Series!;
        series.Name.ShouldBe("macro_dgs10");
        series.Points.Select(point => (point.KnownBy, point.Value))
            .ShouldBe([(Histories.First.AddDays(30), 1.5), (Histories.First.AddDays(61), 2.5)]);
    }

    [Fact]
    public void ARevisionOfAnOlderPeriod_IsNotNews_AndAMissingValueIsNotZero() =>
        Input(Of(period: 0, 1, knownDay: 30), Of(period: 31, 2, knownDay: 60), Of(period: 1, 9, knownDay: 70),
            Of(period: 62, null, knownDay: 90), Of(period: 93, 4, knownDay: 120)).Series!
            .Points.Select(point => point.Value).ShouldBe([1, 2, 4]);

    [Fact]
    public void ASeriesThatWasKnownTooLate_IsLeftOut_AndSaysWhy()
    {
        Input(Of(0, 1, MacroInputs.KnownBySession)).Problem.ShouldBeNull();
        Input(Of(0, 1, MacroInputs.KnownBySession + 1)).Problem!.ShouldContain("2015-07-01, too late");
        Input().Problem.ShouldBe("nothing is known of it (fresh)");
    }
}
