using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Amounts in other currencies than the book's.</summary>
public sealed partial class Book
{
    /// <summary>Symbols whose currency is remembered; beyond it the first by name is forgotten until it is told again.
    /// A holding keeps its own.</summary>
    internal const int MaxCurrencies = 10_000;

    readonly SortedDictionary<string, string> _currencies = new(StringComparer.Ordinal);
    readonly SortedSet<string> _awaiting = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, decimal> _awaitingFees = new(StringComparer.Ordinal);

    /// <summary>Of an instrument's prices, where it was ever told and is not the book's. A source that says nothing
    /// later does not change it.</summary>
    public string? CurrencyOf(string symbol) => _currencies.TryGetValue(symbol, out var told)
        ? told
        : _holdings.GetValueOrDefault(symbol)?.Foreign?.Currency;

    /// <summary>False while an amount waits for a rate: then cash and equity are not known.</summary>
    public bool IsConverted => _awaiting.Count == 0 && _awaitingFees.Count == 0;

    /// <summary>Cash that waits for a rate, by currency.</summary>
    public ImmutableArray<AwaitingCash> Awaiting =>
    [
        .. _awaiting.Select(symbol => _holdings[symbol].Foreign!)
            .Select(foreign => new AwaitingCash(foreign.Currency, foreign.Awaiting!.Proceeds - foreign.Awaiting.Cost))
            .Concat(_awaitingFees.Select(fees => new AwaitingCash(fees.Key, -fees.Value)))
            .GroupBy(cash => cash.Currency, cash => cash.Amount)
            .Select(sums => new AwaitingCash(sums.Key, sums.Sum()))
            .OrderBy(cash => cash.Currency, StringComparer.Ordinal),
    ];

    /// <summary>The largest amount that others are added to.</summary>
    internal decimal Size => Math.Max(Math.Abs(Cash), Math.Max(Math.Abs(Deposits), Math.Max(HighWaterMark, Fees)));

    void Learn(Priced priced)
    {
        if (priced.Terms?.Currency is not { } currency) return;
        if (currency == Terms?.Currency) _currencies.Remove(priced.Symbol);
        else _currencies[priced.Symbol] = currency;
        if (_currencies.Count > MaxCurrencies) _currencies.Remove(_currencies.First().Key);
    }

    /// <summary>What an execution does to the holding, and what that costs in the book's currency, fees
    /// aside.</summary>
    internal Holding Trade(FillReceipt receipt, out decimal paid)
    {
        var before = HoldingOf(receipt.Symbol);
        var sign = receipt.Action == Side.Buy ? 1 : -1;
        if (receipt.Value is not { } whole)
        {
            paid = Money.Round(receipt.Quantity * receipt.Price) * sign;
            return before.TradeRounded(receipt.Action, receipt.Quantity, paid);
        }

        var value = (whole * sign) - FeeValue(receipt);
        return before.Trade(
            new(receipt.Units(), value, receipt.Price, receipt.Currency, receipt.FxRate, Math.Max(Size, whole)),
            out paid);
    }

    /// <summary>Units that a fee took, at the price of the fill: they are bought or held first, and then paid
    /// with.</summary>
    decimal FeeValue(FillReceipt receipt) =>
        receipt.FeeUnits is { } units ? Money.Fit(units * receipt.Price, Math.Max(Size, receipt.Value ?? 0)) : 0;

    void PostFees(FillReceipt receipt)
    {
        var booked = receipt.Value is null ? receipt.Fees : receipt.FeesBooked;
        if (booked is { } fees)
        {
            Cash -= fees;
            Fees += fees;
            return;
        }

        var (currency, amount) = receipt.FeeUnits is null
            ? (receipt.FeeCurrency!, receipt.Fees)
            : (receipt.Currency!, FeeValue(receipt));
        _awaitingFees[currency] = _awaitingFees.GetValueOrDefault(currency) + amount;
    }

    void Convert(Converted converted)
    {
        foreach (var symbol in _awaiting.ToList())
        {
            if (_holdings[symbol].Foreign!.Currency != converted.Currency) continue;
            var holding = _holdings[symbol].Convert(converted.Rate, Size, out var paid);
            Hold(holding);
            Cash -= paid;
            if (_histories.TryGetValue(symbol, out var history)) _histories[symbol] = history.Closed(holding);
        }

        if (!_awaitingFees.Remove(converted.Currency, out var amount)) return;
        var fees = Money.Fit(amount * converted.Rate, Size);
        Cash -= fees;
        Fees += fees;
    }

    void Hold(Holding holding)
    {
        _holdings[holding.Symbol] = holding;
        if (holding.Foreign?.Awaiting is null) _awaiting.Remove(holding.Symbol);
        else _awaiting.Add(holding.Symbol);
    }

    ImmutableSortedDictionary<string, string>? SaveCurrencies() =>
        _currencies.Count == 0 ? null : _currencies.ToImmutableSortedDictionary(StringComparer.Ordinal);

    ImmutableSortedDictionary<string, decimal>? SaveFees() =>
        _awaitingFees.Count == 0 ? null : _awaitingFees.ToImmutableSortedDictionary(StringComparer.Ordinal);

    void RestoreCurrencies(BookState state)
    {
        foreach (var (symbol, currency) in state.Currencies ?? ImmutableSortedDictionary<string, string>.Empty)
            _currencies[symbol] = currency;
        foreach (var (currency, amount) in state.AwaitingFees ?? ImmutableSortedDictionary<string, decimal>.Empty)
            _awaitingFees[currency] = amount;
    }
}
