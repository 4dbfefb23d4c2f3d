using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.MarketData;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>Section <c>portfolios</c>. Durations are in seconds.</summary>
public sealed class PortfolioOptions
{
    public const string Section = "portfolios";

    /// <summary>Between full recalculations of a book's risk, 1 to 3,600; between them it moves with every
    /// event.</summary>
    [ConfigurationKeyName("calculation_frequency")] public double CalculationFrequency { get; set; } = 60;

    /// <summary>Daily returns in the risk window, 20 to 5,000.</summary>
    [ConfigurationKeyName("var_lookback_days")] public int VarLookbackDays { get; set; } = 252;

    /// <summary>Common returns below which risk is unknown, 20 to <see cref="VarLookbackDays"/>.</summary>
    [ConfigurationKeyName("var_min_sessions")] public int VarMinSessions { get; set; } = 60;

    /// <summary>Between questions for newer prices, 0.1 to 3,600.</summary>
    [ConfigurationKeyName("price_refresh")] public double PriceRefresh { get; set; } = 1;

    /// <summary>Events between snapshots, 10 to 1,000,000. Many open reservations or keys
    /// stretch it, so that snapshots stay a small share of the writing.</summary>
    [ConfigurationKeyName("snapshot_every")] public int SnapshotEvery { get; set; } = 1_000;

    /// <summary>Events between checkpoints, from which explanations of decisions start, 10 to 1,000,000.</summary>
    [ConfigurationKeyName("checkpoint_every")] public int CheckpointEvery { get; set; } = 2_000;

    /// <summary>Newest decisions and fills that are kept in memory to answer repeats, 1 to 1,000,000; older ones are in
    /// the journal.</summary>
    [ConfigurationKeyName("recent_keys")] public int RecentKeys { get; set; } = 4_096;

    /// <summary>Symbols without a position whose prices are kept at hand, 1 to 100,000.</summary>
    [ConfigurationKeyName("price_cache")] public int PriceCache { get; set; } = 1_024;

    /// <summary>Approvals that may wait for their fills at once, 1 to 200,000 (a snapshot holds them all).</summary>
    [ConfigurationKeyName("max_open_reservations")] public int MaxOpenReservations { get; set; } = 100_000;

    /// <summary>Whose day is that of a book which is opened without saying it: <c>equity</c> changes at midnight in New
    /// York, <c>fx</c> at 17:00 there, <c>crypto</c> at midnight UTC.</summary>
    [ConfigurationKeyName("market")] public AssetClass Market { get; set; } = AssetClass.Equity;

    /// <summary>Currencies that count as another one, unit for unit, without a market that says so: <c>USDT</c> as
    /// <c>USD</c>. An empty text takes a peg away; the currency then needs a rate. At most 64.</summary>
    [ConfigurationKeyName("pegs")] public Dictionary<string, string> Pegs { get; set; } =
        new() { ["USDT"] = "USD", ["USDC"] = "USD" };

    /// <summary>Decimal places that positions are valued to; not a matter of configuration.</summary>
    internal int AmountDecimals { get; init; } = Money.ExactDecimals;

    /// <summary>Whether a rate may be made of a pair of a pegged currency; not a matter of configuration.</summary>
    internal bool PegPairs { get; init; } = true;

    [ConfigurationKeyName("analysis")] public AnalysisOptions Analysis { get; set; } = new();
    /// <summary>Whether approved signals are sent to the broker, on paper, and their fills booked.</summary>
    [ConfigurationKeyName("paper_trading")] public bool PaperTrading { get; set; }

    internal ImmutableSortedDictionary<string, string> PegsInForce() => Pegs
        .Where(peg => peg.Value.Length > 0)
        .ToImmutableSortedDictionary(
            peg => CurrencyCodes.Normalize(peg.Key), peg => CurrencyCodes.Normalize(peg.Value), StringComparer.Ordinal);

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate()
    {
        List<string> errors = [];
        Within("calculation_frequency", CalculationFrequency, 1, 3_600);
        Within("var_lookback_days", VarLookbackDays, TailRisk.MinimumSampleCount, 5_000);
        Within("var_min_sessions", VarMinSessions, TailRisk.MinimumSampleCount, VarLookbackDays);
        Within("price_refresh", PriceRefresh, 0.1, 3_600);
        Within("snapshot_every", SnapshotEvery, 10, 1_000_000);
        Within("checkpoint_every", CheckpointEvery, 10, 1_000_000);
        Within("recent_keys", RecentKeys, 1, 1_000_000);
        Within("price_cache", PriceCache, 1, 100_000);
        Within("max_open_reservations", MaxOpenReservations, 1, 200_000);
        errors.AddRange(PegErrors());
        errors.AddRange(Analysis.Errors($"{Section}:analysis"));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Within(string key, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                errors.Add(
                    FormattableString.Invariant($"{Section}:{key} must be from {least} to {most}; it is {value}."));
        }
    }

    IEnumerable<string> PegErrors()
    {
        const int Most = 64;
        if (Pegs.Count > Most) yield return $"{Section}:pegs has {Pegs.Count} currencies; at most {Most} are allowed.";
        foreach (var (currency, other) in Pegs.Where(peg => peg.Value.Length > 0))
        {
            if (!CurrencyCodes.IsValid(currency) || !CurrencyCodes.IsValid(other))
                yield return $"{Section}:pegs:{currency} must name a currency by 2 to 16 letters or digits; it is '{other}'.";
            else if (Pegs.Any(peg => peg.Value.Length > 0 && CurrencyCodes.Normalize(peg.Key) == CurrencyCodes.Normalize(other)))
                yield return $"{Section}:pegs:{currency} must not be a currency that is pegged itself; it is '{other}'.";
        }
    }
}

public static class PortfolioServices
{
    /// <summary>What the portfolio grains need: their options, from section <c>portfolios</c> and checked at the start.
    /// The journal is added on its own.</summary>
    public static IServiceCollection AddPortfolios(this IServiceCollection services)
    {
        services.AddOptions<PortfolioOptions>().BindConfiguration(PortfolioOptions.Section).ValidateOnStart();
        services.AddSingleton<DecisionReplays>();
        return services.AddSingleton<IValidateOptions<PortfolioOptions>, Validator>();
    }

    sealed class Validator : IValidateOptions<PortfolioOptions>
    {
        public ValidateOptionsResult Validate(string? name, PortfolioOptions options) => options.Validate();
    }
}
