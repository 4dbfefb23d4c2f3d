using Trading.MarketData;

namespace Trading.Simulation.Tests;

/// <summary>Splits and dividends: a new session in other units, or worth less by what was paid.</summary>
sealed partial class SimulatedMarket
{
    public string Act()
    {
        var symbol = Symbols[_random.Next(Symbols.Length)];
        var (quote, series) = (_quotes[symbol], _quotes[symbol].Series);
        var exDate = series.LastSession.AddDays(1);
        decimal[] ratios = series.LastPrice > 40 ? [2, 4] : [0.5m, 0.25m];
        var action = _random.Next(2) == 0
            ? new CorporateAction(exDate, CorporateActionKind.Split, ratios[_random.Next(2)])
            : new CorporateAction(exDate, CorporateActionKind.Dividend, Math.Round(series.LastPrice * 0.02m, 2));
        var factor = action.Kind == CorporateActionKind.Split ? 1 / action.Value : 1 - (action.Value / series.LastPrice);
        _quotes[symbol] = quote with
        {
            Series = series with
            {
                Closes = [.. series.Closes.Select(close => Math.Max(0.01m, Math.Round(close * factor, 4)))],
                Actions = series.Actions.Add(action),
            },
        };
        Publish(symbol, 0, newSession: true);
        return $"{symbol} {action}";
    }
}
