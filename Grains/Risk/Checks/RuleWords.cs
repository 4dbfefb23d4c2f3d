using Trading.Portfolios;
using static System.Globalization.CultureInfo;

namespace Trading.Risk;

/// <summary>What a violation says to a person.</summary>
static class RuleWords
{
    public static RiskViolation ViolationOf(in Finding finding, in OrderFacts facts)
    {
        var (rule, observed, limit) = (finding.Rule, finding.ReportedObserved, finding.ReportedLimit);
        return new(
            rule, observed, limit, rule == RiskRule.CircuitBreaker ? facts.Guard!.Unit : RuleCatalog.Of(rule).Unit,
            Sentence(rule, observed, limit, facts));
    }

    static string Sentence(RiskRule rule, decimal? observed, decimal? limit, in OrderFacts facts)
    {
        var symbol = facts.Order.Symbol;
        var subject = RuleCatalog.Of(rule).Subject;
        return rule switch
        {
            RiskRule.Halted => string.Create(
                InvariantCulture, $"Trading is halted: only the {limit} units that close the position may trade."),
            RiskRule.ReducingOnly => string.Create(
                InvariantCulture, $"The book only reduces: only the {limit} units that close the position may trade."),
            RiskRule.CircuitBreaker => Breaker(facts.Guard!, observed, limit),
            RiskRule.UnknownSymbol when facts.Symbol == SymbolKnowledge.Unknown =>
                $"No source of prices knows {symbol}.",
            RiskRule.UnknownSymbol => $"No source of prices answers for {symbol}.",
            RiskRule.RestrictedSymbol => string.Create(
                InvariantCulture, $"{symbol} is restricted: only the {limit} units that close the position may trade."),
            RiskRule.NotTradable => string.Create(
                InvariantCulture, $"{symbol} does not trade: only the {limit} units that close the position may."),
            RiskRule.MarketClosed => string.Create(
                InvariantCulture, $"The market is closed: only the {limit} units that close the position may trade."),
            RiskRule.SelfMatch => string.Create(
                InvariantCulture,
                $"The order may trade with an open order of the book; {limit} units close the position."),
            RiskRule.Heartbeat when observed is null =>
                $"No session was ever heard; the limit is {limit} s of silence.",
            RiskRule.Heartbeat => string.Create(
                InvariantCulture, $"The session was heard {Rounded(observed, 3)} s ago; the limit is {limit} s."),
            RiskRule.RepeatedExecutions => string.Create(
                InvariantCulture,
                $"{symbol} was filled {observed} times within the window; it is disabled until a person enables it."),
            RiskRule.MissingPrice => $"No price of {symbol} is known.",
            RiskRule.StalePrice when observed is null => $"The age of the price of {symbol} is not known.",
            RiskRule.StalePrice => string.Create(
                InvariantCulture, $"The price of {symbol} is {Rounded(observed, 3)} s old; the limit is {limit} s."),
            RiskRule.QuarantinedPrice => string.Create(
                InvariantCulture,
                $"The prices of {symbol} are doubtful ({facts.Doubt}): only the {limit} units that close the position may trade."),
            RiskRule.InsufficientHistory when facts.Repeating is { } same && facts.Sessions >= facts.RequiredSessions =>
                string.Create(
                    InvariantCulture,
                    $"The price of {same.Symbol} says nothing of its risk: {observed} of its returns are another than "
                    + $"the one before, and {limit} are needed."),
            RiskRule.FxRate => Rates(facts, observed, limit),
            RiskRule.InsufficientHistory when observed is null =>
                string.Create(
                    InvariantCulture,
                    $"The history of {symbol} is not known; measuring the risk takes {limit} sessions."),
            RiskRule.InsufficientHistory =>
                string.Create(
                    InvariantCulture,
                    $"The book and {symbol} have {observed} sessions in common; measuring the risk takes {limit}."),
            RiskRule.Confidence when observed is null =>
                string.Create(InvariantCulture, $"The signal has no confidence; the limit is {limit}."),
            RiskRule.Confidence =>
                string.Create(InvariantCulture, $"The signal's confidence is {observed}; the limit is {limit}."),
            RiskRule.MessageRate =>
                string.Create(InvariantCulture, $"This is message {observed} of the window; the limit is {limit}."),
            RiskRule.DuplicateOrder => string.Create(
                InvariantCulture,
                $"The same order was approved {Rounded(observed, 3)} s ago; it may come again after {limit} s."),
            RiskRule.TickSize =>
                string.Create(InvariantCulture, $"The limit price {observed} is no multiple of the tick {limit}."),
            RiskRule.LotSize =>
                string.Create(InvariantCulture, $"The quantity {observed} is no multiple of the lot {limit}."),
            RiskRule.MinOrderNotional when observed is not null =>
                string.Create(InvariantCulture, $"The order is worth {Rounded(observed, 8)}; the least is {limit}."),
            RiskRule.Correlation when observed is null =>
                string.Create(InvariantCulture, $"{subject} is not known; the limit is {limit}."),
            RiskRule.Correlation =>
                string.Create(InvariantCulture, $"{subject} is {Rounded(observed, 4)}; the limit is {limit}."),
            RiskRule.OrderQuantity or RiskRule.LongPosition or RiskRule.ShortPosition
                or RiskRule.IntradayPosition or RiskRule.WindowQuantity =>
                string.Create(
                    InvariantCulture, $"{subject} would be {Rounded(observed, 18)} units; the limit is {limit}."),
            RiskRule.WindowNotional when observed is not null =>
                string.Create(InvariantCulture, $"{subject} would be {Rounded(observed, 8)}; the limit is {limit}."),
            RiskRule.WindowNotional or RiskRule.MinOrderNotional =>
                string.Create(InvariantCulture, $"{subject} is not known; the limit is {limit}."),
            RiskRule.PriceCollar or RiskRule.PriceMove or RiskRule.Liquidity or RiskRule.Concentration
                or RiskRule.DailyLoss => observed is null
                ? $"{subject} is not known; the limit is {Percent(limit)}."
                : $"{subject} is {Percent(observed)}; the limit is {Percent(limit)}.",
            RiskRule.OrderNotional when observed is null =>
                string.Create(InvariantCulture, $"{subject} is not known; the limit is {limit}."),
            RiskRule.OrderNotional =>
                string.Create(InvariantCulture, $"The order is worth {Rounded(observed, 8)}; the limit is {limit}."),
            RiskRule.Cash when observed is null =>
                string.Create(InvariantCulture, $"{subject} after the trade is not known; {limit} must remain."),
            RiskRule.Cash => string.Create(
                InvariantCulture, $"{Rounded(observed, 8)} of cash would remain after the trade; {limit} must remain."),
            RiskRule.ShortSale => string.Create(
                InvariantCulture,
                $"{observed} units are for sale and {limit} are free to sell; the book may not go short."),
            RiskRule.ReduceOnly => string.Create(
                InvariantCulture,
                $"{observed} units may only reduce, and {limit} can be: the book holds {facts.Exposure.Quantity} of {symbol}."),
            RiskRule.BudgetGross or RiskRule.BudgetNet or RiskRule.BudgetShortfall when observed is null =>
                string.Create(InvariantCulture, $"{subject} after the trade is not known; the budget is {limit}."),
            RiskRule.BudgetGross or RiskRule.BudgetNet or RiskRule.BudgetShortfall =>
                string.Create(
                    InvariantCulture,
                    $"{subject} after the trade would be {Rounded(observed, 8)}; the budget is {Rounded(limit, 8)}."),
            _ when observed is null => string.Create(
                InvariantCulture, $"{subject} after the trade is not known; the limit is {Percent(limit)}."),
            RiskRule.Drawdown => string.Create(
                InvariantCulture,
                $"The book is {Percent(observed)} below its high; over {Percent(limit)} only reductions may trade."),
            _ => string.Create(
                InvariantCulture,
                $"{subject} after the trade would be {Percent(observed)} of equity; the limit is {Percent(limit)}."),
        };
    }

    static string Rates(in OrderFacts facts, decimal? observed, decimal? limit)
    {
        string[] unknown = [.. facts.Rates.Where(rate => rate.Rate is null).Select(rate => rate.Currency)];
        if (unknown.Length > 0) return $"No exchange rate of {string.Join(", ", unknown)} is known.";
        return facts.Rates.FirstOrDefault(rate => rate.Doubt is not null) is { } doubted
            ? $"The exchange rate of {doubted.Currency} ({doubted.Pair}) is doubtful: {doubted.Doubt}."
            : string.Create(
                InvariantCulture,
                $"The exchange rate of {Oldest(facts).Currency} is {Rounded(observed, 3)} s old; the limit is {limit} s.");
    }

    static RateUsed Oldest(in OrderFacts facts) =>
        facts.Rates.MinBy(rate => rate.PricedAt ?? DateTimeOffset.MaxValue)!;

    static string Breaker(Guard guard, decimal? observed, decimal? limit) => guard switch
    {
        { IsHalfOpen: true, Cap: null } =>
            $"{guard.Breaker} is half open, and without max_order_notional its cap is not known: only reductions may trade.",
        { IsHalfOpen: true } => string.Create(
            InvariantCulture,
            $"{guard.Breaker} is half open: an order may be worth {Rounded(limit, 8)}; this one is worth "
            + $"{(observed is null ? "an unknown amount" : Rounded(observed, 8).ToString())}."),
        { Observed: null } => $"{guard.Breaker} holds trading: only reductions may trade.",
        _ => string.Create(
            InvariantCulture,
            $"{guard.Breaker} holds trading (measured {Rounded(observed, 6)}, level {Rounded(limit, 6)}): only reductions may trade."),
    };

    static RoundedNumber Percent(decimal? fraction) => new(100 * fraction, 8, " %");

    static RoundedNumber Rounded(decimal? value, int places) => new(value, places, "");
}
