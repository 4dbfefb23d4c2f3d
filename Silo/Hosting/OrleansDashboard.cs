using Orleans.Dashboard;
using Trading.Api;
using Trading.Operations;

namespace Trading.Hosting;

/// <summary>Orleans' own view of its silos and grains, behind the same door as the API. Setting <c>orleans:dashboard</c>.</summary>
/// <remarks>Its pages and what counts for them keep 55 MB, and hardly anybody looks: both begin with the first look. In a cluster alone what
/// counts begins with the silo, since the page that asks for it may be another process's.</remarks>
sealed class OrleansDashboard
{
    public const string Path = "/orleans";

    readonly Lazy<Task<RequestDelegate>> _pages;

    OrleansDashboard(IServiceProvider services) => _pages = new(() => OpenAsync(services));

    /// <summary>Silo and grains are looked at once a second; calls are timed only while somebody looks at the page.</summary>
    /// <param name="alone">Whether no other process can show this one's counts.</param>
    public static void Add(ISiloBuilder silo, bool alone)
    {
        var others = silo.Services.Count;
        silo.AddDashboard();
        if (alone) DashboardServices.Take(silo.Services, from: others);
    }

    /// <summary>The same page in an API process, asked of the silos.</summary>
    public static void Add(IClientBuilder client) => client.AddDashboard();

    public static void Map(WebApplication app) => app.MapGet(Path + "/{**page}", new OrleansDashboard(app.Services).ShowAsync)
        .ExcludeFromDescription()
        .WithMetadata(new EndpointAccess(Roles.RiskOfficer | Roles.Administrator, Allowance: Allowance.Trading)); // the page asks all the time

    async Task ShowAsync(HttpContext http)
    {
        http.SetEndpoint(null); // it is one of the pages' own
        await (await _pages.Value)(http);
    }

    static async Task<RequestDelegate> OpenAsync(IServiceProvider services)
    {
        if (services.GetService<DashboardServices>() is { } late) await late.BeginAsync();
        var pages = new ApplicationBuilder(services);
        pages.UseRouting().UseEndpoints(endpoints => endpoints.MapOrleansDashboard(Path));
        return pages.Build();
    }
}
