using System.Collections.Immutable;
using System.Text.Json;
using Trading.Portfolios;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Backtests;

/// <summary>The pre-trade check of a backtest: the same rules as live (<see cref="SignalRules"/>), under the clock of
/// the run.</summary>
/// <remarks>The facts are those of the run's account. What only a running book has is not there: approvals that
/// expire, breakers, stops, overrides, budgets, forecasts, quarantined prices; limits on them find nothing to hold
/// against. Orders in the market count as filled. Tail risk is that of the positions over the last sessions of every
/// symbol held, by historical simulation.</remarks>
/// <param name="limits">What the account is held to.</param>
/// <param name="sectors">Sectors by symbol; a symbol without one breaks a limit on sectors.</param>
public sealed class SignalRulesGate(RiskLimits limits, IReadOnlyDictionary<string, string>? sectors = null,
    bool allowShort = true)
    : ITradeGate
{
    /// <summary>Returns that tail risk is measured on, and the fewest.</summary>
    const int Window = 252, Least = 60;

    public ImmutableArray<string> Check(in GateRequest request)
    {
        var facts = Facts(request);
        var broken = SignalRules.Evaluate(facts, limits, request.At);
        return broken.IsEmpty ? []
            : [.. broken.Select(violation => JsonSerializer.Serialize(violation.Code).Trim('"'))];
    }

    OrderFacts Facts(in GateRequest request)
    {
        var account = request.Account;
        var side = request.Quantity > 0 ? Side.Buy : Side.Sell;
        var (held, working) = (account.Position(request.Series), account.Working(request.Series));
        var exposure = new Exposure(held, Math.Max(0, working), Math.Max(0, -working));
        var order = new Order(request.Symbol, side, Math.Abs(request.Quantity), null, null,
            request.LimitPrice) { Strategy = account.Strategy };
        var before = Measure(request, 0, out var sessions);
        var after = Measure(request, request.Quantity, out var common);
        return new(
            order, SymbolKnowledge.Known, account.Worth(request.Series), request.At, allowShort,
            OrderFacts.ClosableBy(side, held, exposure.OpenBuys, exposure.OpenSells), Math.Min(sessions, common),
                Least, before, after)
        {
            Exposure = exposure,
        };
    }

    /// <summary>The account with everything in the market filled, and some more of the order's symbol.</summary>
    BookMeasures? Measure(in GateRequest request, decimal more, out int sessions)
    {
        var account = request.Account;
        var (equity, gross, net, own, sector) = (account.Equity, 0m, 0m, 0m, 0m);
        var values = new List<(int Series, decimal Value)>();
        sessions = Window;
        foreach (var series in account.Symbols.Contains(request.Series) ? account.Symbols
            : [.. account.Symbols, request.Series])
        {
            var units = account.Position(series) + account.Working(series) + (series == request.Series ? more : 0);
            if (account.Worth(series) is not { } worth) return null;
            var value = units * worth;
            (gross, net) = (gross + Math.Abs(value), net + value);
            if (series == request.Series) own = Math.Abs(value);
            if (IsOfSector(account, series, request)) sector += Math.Abs(value);
            if (value == 0) continue;
            values.Add((series, value));
            sessions = Math.Min(sessions, account.Closes(series).Length - 1);
        }

        var cash = account.Cash - request.Account.Symbols.Sum(series =>
            account.Working(series) * (account.Worth(series) ?? 0))
            - more * (account.Worth(request.Series) ?? 0);
        var tail = sessions >= Least ? Tail(account, values, sessions) : null;
        var whole = (double)equity;
        var isSolvent = equity > 0;
        return new(
            equity, cash, gross, net, Share(tail?.ValueAtRisk), Share(tail?.ExpectedShortfall), isSolvent
                ? (double)(own / equity) : null,
            isSolvent && sectors?.ContainsKey(request.Symbol) == true ? (double)(sector / equity) : null,
            account.Peak > 0 ? 1 - (double)(equity / account.Peak) : 0)
        {
            ValueAtRisk99 = Share(tail?.SecondValueAtRisk),
            StrategyWeight = isSolvent ? (double)(gross / equity) : null,
            DailyLoss = account.DayStart > 0 ? 1 - (double)(equity / account.DayStart) : null,
        };

        double? Share(double? money) => isSolvent && money is { } known ? known / whole : null;
    }

    bool IsOfSector(IAccountView account, int series, in GateRequest request) =>
        sectors is not null && sectors.TryGetValue(request.Symbol, out var sector)
        && sectors.TryGetValue(account.Symbol(series), out var other) && other == sector;

    static TailEstimate? Tail(IAccountView account, List<(int Series, decimal Value)> values, int sessions)
    {
        Span<double> profit = stackalloc double[sessions];
        profit.Clear();
        foreach (var (series, value) in values)
        {
            var closes = account.Closes(series)[^(sessions + 1)..];
            var money = (double)value;
            for (var day = 0; day < sessions; day++) profit[day] += money * (closes[day + 1] / closes[day] - 1);
        }

        return ScenarioRisk.Measure(profit, 0.95, 0.975, 0.99);
    }
}
