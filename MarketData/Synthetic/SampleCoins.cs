using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Coins for a start without a network: made up, one close for each session of a price file, so that they can
/// be measured beside its shares. The logarithm of the price returns to a usual level; steps are normal, about three
/// percent a day, and the same at every start.</summary>
static class SampleCoins
{
    const double Step = 0.03, Return = 0.004;
    const int PriceDigits = 2;

    /// <summary>What they belong to; a limit for one sector holds for them too.</summary>
    public const string Sector = "Crypto";

    static readonly ImmutableArray<(string Symbol, string Name, double Usual, InstrumentTerms Terms)> All =
    [
        ("BTCUSDT", "Bitcoin, made up", 40_000, new(LotSize: 0.00001m, TickSize: 0.01m, MinNotional: 5)),
        ("ETHUSDT", "Ether, made up", 2_500, new(LotSize: 0.0001m, TickSize: 0.01m, MinNotional: 5)),
    ];

    /// <summary>The history with the coins that it does not have itself.</summary>
    public static PriceHistory AddTo(PriceHistory history) => new(
        history.Sessions,
        [
            .. history.Symbols.Values,
            .. All.Where(coin => !history.Symbols.ContainsKey(coin.Symbol))
                .Select(coin => new SymbolHistory(
                    coin.Symbol, Sector, Closes(coin.Symbol, coin.Usual, history.Sessions.Length))),
        ]);

    /// <summary>The directory with the coins; what it says of them itself stands.</summary>
    public static InstrumentDirectory AddTo(InstrumentDirectory directory) => new(
    [
        .. directory.Listings.Where(listing => All.All(coin => coin.Symbol != listing.Symbol)),
        .. All.Select(coin => directory.Find(coin.Symbol) is { } listing
            ? listing with { Terms = listing.Terms ?? coin.Terms, Sector = listing.Sector ?? Sector }
            : new ListedInstrument(coin.Symbol, coin.Name, Sector, coin.Terms)),
    ]);

    static ImmutableArray<decimal> Closes(string symbol, double usual, int sessions)
    {
        var chance = SyntheticMarket.Stream(seed: 1, symbol);
        var closes = ImmutableArray.CreateBuilder<decimal>(sessions);
        var away = 0.0;
        for (var session = 0; session < sessions; session++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
            away += (Step * normal) - (Return * away);
            closes.Add(Math.Round((decimal)(usual * Math.Exp(away)), PriceDigits));
        }

        return closes.MoveToImmutable();
    }
}
