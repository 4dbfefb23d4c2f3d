using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What a book shows of its guards.</summary>
static class GuardReporting
{
    public static GuardReport Report(BookValuation valuation, DateTimeOffset now)
    {
        var (book, guards) = (valuation.Book, valuation.Book.Guards);
        return new(
            book.Portfolio, guards.Mode, guards.ModeSet, guards.Stops, guards.Plan, book.Reservations.Count,
            book.Holdings.Count(holding => holding.Quantity != 0), [.. guards.Breakers.Select(Status)], book.Sequence)
        {
            DoubtfulFills = [.. book.DoubtfulFills.Latest],
        };

        BreakerStatus Status(Breaker breaker)
        {
            var settings = guards.Settings?.Breakers.Of(breaker.Name);
            var measure = (settings ?? breaker.TrippedUnder) is { } known
                ? valuation.BreakerMonitor.Measure(breaker.Name, known, now)
                : double.NaN;
            return new(breaker, double.IsFinite(measure) ? measure : null, settings);
        }
    }
}
