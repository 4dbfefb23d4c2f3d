using System.Collections.Immutable;
using Trading.Portfolios;

namespace Trading.Api;

/// <summary>Hypothetical shocks as a request brings them.</summary>
internal sealed class StressBody
{
    const int MaxShocks = 1_000;
    const int MaxBytes = 64 * 1024;

    public string? Portfolio { get; private set; }
    string _name = "request";
    double? _market;
    ImmutableArray<ShockBody> _sectors = [];
    ImmutableArray<ShockBody> _symbols = [];

    public static readonly Shape<StressBody> Shape = new Shape<StressBody>()
        .Optional("name", Kinds.Text, (body, value) => body._name = value, "How the event is called; 'request' where absent.", "crash")
        .Optional("market", Kinds.Double, (body, value) => body._market = value,
            "Simple return of the book's market factor, the mean of the symbols held; each symbol moves by its beta times this.", -0.2)
        .Optional("sectors", Kinds.ArrayOf(ShockBody.Of("sector", "A sector that the book holds.", "Financials"), MaxShocks, MaxBytes),
            (body, value) => body._sectors = value, "Shocks of sectors, in place of the market's.")
        .Optional("symbols", Kinds.ArrayOf(ShockBody.Of("symbol", "A ticker that the book holds.", "IBM"), MaxShocks, MaxBytes),
            (body, value) => body._symbols = value, "Shocks of symbols, in place of their sector's and the market's.")
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.");

    public StressShocks ToShocks() => new(
        _name, _market,
        [.. _sectors.Select(shock => new NamedShock(shock.Name, shock.Shock))],
        [.. _symbols.Select(shock => new NamedShock(GrainKeys.Symbol(shock.Name), shock.Shock))]);
}

/// <summary>The shock of one sector or symbol.</summary>
internal sealed class ShockBody
{
    public string Name { get; private set; } = "";
    public double Shock { get; private set; }

    public static Shape<ShockBody> Of(string member, string description, string example) => new Shape<ShockBody>()
        .Required(member, Kinds.Text, (body, value) => body.Name = value, description, example)
        .Required("shock", Kinds.Double, (body, value) => body.Shock = value, "A simple return, from -1 to 10: -0.3 is a fall by 30 %.", -0.3);
}
