using System.Text.Json;

namespace Trading.Simulation.Tests;

/// <summary>Fees in whatever currency, at the prices told.</summary>
sealed partial class BookModel
{
    readonly Dictionary<string, decimal> _waitingFees = [];

    /// <summary>What a unit of a currency is worth: the coin is priced in a stablecoin only, which counts as a dollar.</summary>
    decimal? FeeRateOf(string currency) => QuoteOf(currency == "BNB" ? "BNBUSDT" : currency + "USD");

    void PayFees(JsonElement receipt)
    {
        var fees = receipt.GetProperty("fees").GetDecimal();
        var (booked, currency) = (Number(receipt, "fees_booked"), Text(receipt, "fee_currency"));
        var rate = fees == 0 || currency is null ? 1 : FeeRateOf(currency);
        Ensure.That(booked == fees * rate, $"{Name}: a fee of {fees} {currency} is {booked}, the book knows a rate of {rate}");
        Ensure.That(
            currency != "BNB" || fees == 0 || rate is null || Text(receipt, "fx_peg") == "USD", $"{Name}: a receipt is silent about a peg");
        if (booked is { } paid) (Cash, Fees) = (Cash - paid, Fees + paid);
        else _waitingFees[currency!] = _waitingFees.GetValueOrDefault(currency!) + fees;
    }

    void ConvertFees(string currency, decimal rate)
    {
        if (!_waitingFees.Remove(currency, out var fees)) return;
        (Cash, Fees) = (Cash - (fees * rate), Fees + (fees * rate));
    }
}
