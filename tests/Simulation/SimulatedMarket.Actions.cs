using Trading.MarketData;

namespace Trading.Simulation.Tests;

/// <summary>Splits and dividends: a new session in other units, or worth less by what was paid. And the ends of some:
/// delistings, and changes of the symbol.</summary>
sealed partial class SimulatedMarket
{
    /// <summary>By so many days the sessions of symbols that end lie behind the clock: they end today, after their last
    /// session.</summary>
    const int Behind = 5;

    /// <summary>Symbols that will end.</summary>
    readonly List<string> _mortal = [];
    int _listings;

    /// <summary>What may be traded now.</summary>
    public IReadOnlyList<string> Listed => [.. Symbols, .. _mortal];

    /// <summary>A symbol that trades no more, or one that comes where none is left.</summary>
    public string End()
    {
        if (_mortal.Count == 0) return $"{List(_random.Next(2) == 0 ? "EUR" : null)} is listed";
        var symbol = _mortal[_random.Next(_mortal.Count)];
        var (quote, series) = (_quotes[symbol], _quotes[symbol].Series);
        // It is winter in New York.
        var today = DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime.AddHours(-5));
        var action = _random.Next(2) == 0
            ? new CorporateAction(today, CorporateActionKind.Delisting, _random.Next(4) * Math.Round(series.LastPrice * 0.3m, 2))
            : CorporateAction.Renamed(today, $"{symbol}N");
        _mortal.Remove(symbol);
        if (action.NewSymbol is { } successor)
        {
            _quotes[successor] = new(series with
            {
                Symbol = successor,
                Terms = _random.Next(3) == 0 ? Other(series.Terms) : series.Terms,
                Provenance = series.Provenance with { AsOf = _clock.GetUtcNow(), ReceivedAt = _clock.GetUtcNow() },
            });
            _mortal.Add(successor);
        }

        _quotes[symbol] = quote with
        {
            Series = series with { Actions = series.Actions.Add(action), Version = series.Version + 1 },
        };
        return $"{symbol} {action}";
    }

    static InstrumentTerms? Other(InstrumentTerms? terms) =>
        terms?.Currency is null ? new() { Currency = "EUR" } : new() { Currency = "USD" };

    string List(string? currency)
    {
        var symbol = $"{(currency is null ? 'C' : 'F')}{++_listings}";
        var series = Begin(symbol);
        _quotes[symbol] = new(series with
        {
            Dates = [.. series.Dates.Select(day => day.AddDays(-Behind))],
            Terms = currency is null ? null : new() { Currency = currency },
        });
        _mortal.Add(symbol);
        return symbol;
    }

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
