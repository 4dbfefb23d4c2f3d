using Orleans.Dashboard;
using Trading.Api;
using Trading.Operations;

namespace Trading.Hosting;

/// <summary>Orleans' own view of its silos and grains, behind the same door as the API. Setting <c>orleans:dashboard</c>.</summary>
static class OrleansDashboard
{
    public const string Path = "/orleans";

    /// <summary>Silo and grains are looked at once a second; calls are timed only while somebody looks at the page.</summary>
    public static void Add(ISiloBuilder silo) => silo.AddDashboard();

    /// <summary>The same page in an API process, asked of the silos.</summary>
    public static void Add(IClientBuilder client) => client.AddDashboard();

    public static void Map(WebApplication app) => app.MapOrleansDashboard(Path).ExcludeFromDescription()
        .WithMetadata(new EndpointAccess(Roles.RiskOfficer | Roles.Administrator, Allowance: Allowance.Trading)); // the page asks all the time
}
