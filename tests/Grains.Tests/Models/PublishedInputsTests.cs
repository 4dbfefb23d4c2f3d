using System.Collections.Immutable;
using Trading.Learning;
using Trading.MarketData;

namespace Trading.Models.Tests;

public sealed class PublishedInputsTests
{
    static readonly ImmutableArray<DateOnly> Sessions = [.. Enumerable.Range(0, 400).Select(Histories.First.AddDays)];

    static PublishedValue Of(int day, double hour, string? symbol, decimal value) =>
        new(new DateTimeOffset(Histories.First.AddDays(day), default, TimeSpan.Zero).AddHours(hour), symbol, value);

    static (ExternalSeries? Series, string? Problem) Input(PublishedKind kind, string symbol, params ImmutableArray<PublishedValue> values) =>
        PublishedInputs.Of(new("flow", kind, values.Any(value => value.Symbol is not null), values), symbol, Sessions, maxAge: 60);

    [Fact]
    public void AValue_CountsFromTheFirstCloseAfterItsPublication_NeverBefore()
    {
        var series = Input(PublishedKind.Level, "IBM", Of(3, 0, null, 1), Of(3, 9, null, 2), Of(3, 24, null, 3)).Series!;
        (series.Name, series.Kind, series.MaxAge).ShouldBe(("published_flow", ExternalKind.Level, 60));
        // At midnight day 3 begins, and its close is still to come; what came during day 3 may have come after it.
        series.Points.Select(point => (point.KnownBy, point.Value)).ShouldBe(
            [(Sessions[3], 1), (Sessions[4], 2), (Sessions[4], 3)]);
    }

    [Fact]
    public void ALevel_IsTheSymbolsOwn_WhereItHasOne_ElseThatOfAll()
    {
        ImmutableArray<PublishedValue> values = [Of(1, 0, null, 5), Of(2, 0, "IBM", 7)];
        Input(PublishedKind.Level, "IBM", values).Series!.Points.ShouldHaveSingleItem().Value.ShouldBe(7);
        Input(PublishedKind.Level, "MSFT", values).Series!.Points.ShouldHaveSingleItem().Value.ShouldBe(5);
    }

    [Fact]
    public void WhatIsCountedOfOthers_SaysThatThereWasNothingOfThisOne_AndASymbolThatIsNeverNamedHasNoColumn()
    {
        ImmutableArray<PublishedValue> values = [Of(1, 0, "IBM", 2), Of(2, 0, "MSFT", 3), Of(3, 0, null, 1)];
        Input(PublishedKind.Count, "IBM", values).Series!.Points.Select(point => point.Value).ShouldBe([2, 0, 1]);
        Input(PublishedKind.Count, "AAPL", values).Problem.ShouldBe("it tells nothing of AAPL");
        Input(PublishedKind.Level, "AAPL", Of(1, 0, "IBM", 2)).Problem.ShouldBe("it tells nothing of AAPL");
    }

    [Fact]
    public void ASeriesThatBeganTooLate_IsLeftOut()
    {
        Input(PublishedKind.Count, "IBM", Of(MacroInputs.KnownBySession, 0, null, 1)).Problem.ShouldBeNull();
        Input(PublishedKind.Count, "IBM", Of(MacroInputs.KnownBySession, 1, null, 1)).Problem!.ShouldContain("too late for the history");
    }
}
