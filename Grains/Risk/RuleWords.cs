using static System.Globalization.CultureInfo;

namespace Trading.Risk;

/// <summary>What a violation says to a person.</summary>
static class RuleWords
{
    public static RiskViolation AddTo(RiskViolation violation, in OrderFacts facts) => violation with { Detail = Sentence(violation, facts) };

    static string Sentence(RiskViolation violation, in OrderFacts facts)
    {
        var (symbol, observed, limit) = (facts.Order.Symbol, violation.Observed, violation.Limit);
        var subject = RuleCatalog.Of(violation.Code).Subject;
        return violation.Code switch
        {
            RiskRule.Halted => string.Create(InvariantCulture, $"Trading is halted: only the {limit} units that close the position may trade."),
            RiskRule.UnknownSymbol when facts.Symbol == SymbolKnowledge.Unknown => $"No source of prices knows {symbol}.",
            RiskRule.UnknownSymbol => $"No source of prices answers for {symbol}.",
            RiskRule.StalePrice when observed is null => $"No price of {symbol} is known.",
            RiskRule.StalePrice => string.Create(InvariantCulture, $"The price of {symbol} is {observed:0.###} s old; the limit is {limit} s."),
            RiskRule.InsufficientHistory when observed is null =>
                string.Create(InvariantCulture, $"The history of {symbol} is not known; measuring the risk takes {limit} sessions."),
            RiskRule.InsufficientHistory =>
                string.Create(InvariantCulture, $"The book and {symbol} have {observed} sessions in common; measuring the risk takes {limit}."),
            RiskRule.OrderNotional when observed is null => string.Create(InvariantCulture, $"{subject} is not known; the limit is {limit}."),
            RiskRule.OrderNotional => string.Create(InvariantCulture, $"The order is worth {observed:0.########}; the limit is {limit}."),
            RiskRule.Cash when observed is null => string.Create(InvariantCulture, $"{subject} after the trade is not known; {limit} must remain."),
            RiskRule.Cash => string.Create(InvariantCulture, $"{observed:0.########} of cash would remain after the trade; {limit} must remain."),
            RiskRule.ShortSale => string.Create(InvariantCulture, $"{observed} units are for sale and {limit} are free to sell; the book may not go short."),
            _ when observed is null => string.Create(InvariantCulture, $"{subject} after the trade is not known; the limit is {Percent(limit)}."),
            RiskRule.Drawdown => string.Create(InvariantCulture, $"The book is {Percent(observed)} below its high; over {Percent(limit)} only reductions may trade."),
            _ => string.Create(InvariantCulture, $"{subject} after the trade would be {Percent(observed)} of equity; the limit is {Percent(limit)}."),
        };
    }

    static string Percent(decimal? fraction) => string.Create(InvariantCulture, $"{100 * fraction:0.########} %");
}
