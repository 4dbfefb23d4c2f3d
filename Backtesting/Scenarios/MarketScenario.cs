using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Backtests;

/// <summary>Which market a test is made on.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ScenarioKind>))]
public enum ScenarioKind
{
    /// <summary>What happened.</summary>
    Historical,
    /// <summary>Days drawn from what happened, in runs, of all symbols together (Politis and Romano 1994).</summary>
    BlockBootstrap,
    /// <summary>Days drawn from calm and from turbulent ones, by a chain that stays as long as they stayed.</summary>
    RegimeSwitching,
}

/// <summary>How the market of a test differs from what happened.</summary>
/// <param name="Block">The mean length of a run of days, for the bootstrap.</param>
/// <param name="Volatility">Changes are so many times as far from their mean.</param>
/// <param name="Liquidity">Volumes are divided by it.</param>
/// <param name="Spread">The spread is multiplied by it.</param>
/// <param name="Crisis">The name of a <see cref="CrisisWindow"/>; only its days are tested.</param>
public sealed record MarketScenario(
    ScenarioKind Kind = ScenarioKind.Historical, int Block = 20, double Volatility = 1, double Liquidity = 1,
        double Spread = 1,
    string? Crisis = null)
{
    internal ImmutableArray<FieldError> Check()
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        Range("block", Block, 1, 10_000);
        Range("volatility", Volatility, 0.01, 20);
        Range("liquidity", Liquidity, 0.001, 1_000);
        Range("spread", Spread, 0, 1_000);
        if (Crisis is not null && CrisisWindow.All.All(window => window.Name != Crisis))
            errors.Add(new(
                "scenario.crisis", "unknown",
                $"There is no crisis '{Crisis}'; there are {string.Join(", ", CrisisWindow.All.Select(window => window.Name))}."));
        return errors.ToImmutable();

        void Range(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                errors.Add(new($"scenario.{name}", "range", FormattableString.Invariant($"{name} is from {least} to {most}; it is {value}.")));
        }
    }
}

/// <summary>Days that markets remember.</summary>
public sealed record CrisisWindow(string Name, DateOnly From, DateOnly To)
{
    public static ImmutableArray<CrisisWindow> All { get; } =
    [
        new("asia_1997", new(1997, 10, 1), new(1998, 1, 31)),
            new("russia_ltcm_1998", new(1998, 7, 15), new(1998, 10, 31)),
        new("dot_com_2000", new(2000, 3, 1), new(2002, 10, 31)),
            new("september_2001", new(2001, 9, 1), new(2001, 10, 31)),
        new("financial_crisis_2008", new(2008, 9, 1), new(2009, 3, 31)),
            new("flash_crash_2010", new(2010, 5, 1), new(2010, 6, 30)),
        new("euro_2011", new(2011, 7, 15), new(2011, 11, 30)), new("china_2015", new(2015, 8, 10), new(2015, 9, 30)),
        new("volatility_2018", new(2018, 1, 25), new(2018, 3, 31)),
            new("pandemic_2020", new(2020, 2, 15), new(2020, 4, 30)),
    ];
}
