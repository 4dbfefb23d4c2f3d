using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class RequestBudgetTests
{
    readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Budget_RefillsEvenly_AndNeverBeyondItsSize()
    {
        var budget = new RequestBudget(60, _clock);

        budget.TryTake(60).ShouldBeNull();
        budget.TryTake(1).ShouldBe(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(10));
        budget.Left.ShouldBe(10, 1e-9);
        _clock.Advance(TimeSpan.FromHours(1));
        budget.Left.ShouldBe(60);
    }

    [Fact]
    public void ClosedBudget_OpensAtItsTime_AndAShorterPauseDoesNotShortenALongerOne()
    {
        var budget = new RequestBudget(60, _clock);

        budget.CloseFor(TimeSpan.FromSeconds(30));
        budget.CloseFor(TimeSpan.FromSeconds(5));

        budget.Left.ShouldBe(0);
        budget.ClosedUntil.ShouldBe(_clock.GetUtcNow().AddSeconds(30));
        budget.TryTake(1).ShouldBe(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(30));
        budget.TryTake(1).ShouldBeNull();
        budget.ClosedUntil.ShouldBeNull();
    }

    [Fact]
    public void CountOfTheSource_OnlyEverTakesAway()
    {
        var budget = new RequestBudget(60, _clock);

        budget.CountedByTheSource(50);
        budget.Left.ShouldBe(10);
        budget.CountedByTheSource(5);
        budget.Left.ShouldBe(10);
        budget.CountedByTheSource(5000);
        budget.Left.ShouldBe(0);
    }
}
