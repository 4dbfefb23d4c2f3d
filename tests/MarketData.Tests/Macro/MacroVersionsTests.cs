using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Trading.MarketData.Tests;

public sealed class MacroVersionsTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    static MacroObservation Of(int month, decimal? value, int knownAtHour = 0) => new(new(2025, month, 1), value, Start.AddHours(knownAtHour));

    static decimal?[] Values(ImmutableArray<MacroObservation> known, int? asOfHour = null) =>
        [.. MacroVersions.Read(known, new(null, null, asOfHour is { } hour ? Start.AddHours(hour) : null)).Select(version => version.Value)];

    [Fact]
    public void ValueThatChanges_AddsAVersion_AndTheOldOneIsStillReadAsOfThen()
    {
        var first = MacroVersions.Merge([], [Of(1, 10), Of(2, null)]);

        var second = MacroVersions.Merge(first, [Of(1, 10, 5), Of(2, 20, 5), Of(3, 30, 5)]);

        Values(second).ShouldBe([10, 20, 30]);
        Values(second, 4).ShouldBe([10, null]);
        Values(second, -1).ShouldBeEmpty();
        MacroVersions.Revisions(second).ShouldBe(1);
    }

    [Fact]
    public void NothingNew_IsTheSameArray()
    {
        var known = MacroVersions.Merge([], [Of(1, 10), Of(2, 20)]);

        (MacroVersions.Merge(known, [Of(1, 10, 3), Of(2, 20, 3)]) == known).ShouldBeTrue();
    }

    [Fact]
    public void ValueThatGoesAndComesBack_IsThreeVersions()
    {
        var known = MacroVersions.Merge(MacroVersions.Merge(MacroVersions.Merge([], [Of(1, 10)]), [Of(1, 11, 1)]), [Of(1, 10, 2)]);

        known.Select(version => version.Value).ShouldBe([10, 11, 10]);
    }

    [Fact]
    public void OlderVintages_TakeTheirPlaceBeforeWhatIsKnown()
    {
        var known = MacroVersions.Merge([Of(1, 12, 9)], [Of(1, 10, 1), Of(1, 11, 2)]);

        known.Select(version => version.Value).ShouldBe([10, 11, 12]);
        Values(known, 1).ShouldBe([10]);
    }

    [Fact]
    public void Range_IsFromInclusiveToExclusive() =>
        MacroVersions.Read([Of(1, 1), Of(2, 2), Of(3, 3)], new(new(2025, 2, 1), new(2025, 3, 1), null)).ShouldBe([Of(2, 2)]);

    /// <summary>Answers of up to six months at one hour after the other.</summary>
    [Fact]
    public void WhateverIsAnswered_EveryReadAsOfAnHour_IsWhatThatAnswerSaid() =>
        Prop.ForAll<byte[][]>(answers =>
        {
            var known = ImmutableArray<MacroObservation>.Empty;
            var expected = new List<decimal?[]>();
            var truth = new SortedDictionary<int, decimal?>();
            for (var hour = 0; hour < answers.Length; hour++)
            {
                var values = (answers[hour] ?? []).Take(6).Select((value, month) => Of(month + 1, value % 3 == 0 ? null : value % 3, hour)).ToImmutableArray();
                foreach (var value in values) truth[value.Date.Month] = value.Value;
                known = MacroVersions.Merge(known, values);
                expected.Add([.. truth.Values]);
            }

            for (var hour = 0; hour < answers.Length; hour++) Values(known, hour).ShouldBe(expected[hour]);
        }).QuickCheckThrowOnFailure();
}
