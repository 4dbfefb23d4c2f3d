using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Trading.Hosting;
using Trading.Testing;

namespace Trading.Silo.Tests.Hosting;

public sealed class OrleansDashboardTests
{
    [Fact]
    public async Task PagesAndCounts_BeginWithTheFirstLook()
    {
        await using var program = await GuardedProgram.StartAsync();
        var counting = program.Services.GetRequiredService<DashboardServices>();
        counting.IsStarted.ShouldBeFalse();

        (await LookAsync(program, "/")).Text.ShouldContain("index.min.js");

        counting.IsStarted.ShouldBeTrue();
        (await LookAsync(program, "/index.min.js")).Status.ShouldBe(200);
        (await LookAsync(program, "/no-such-page")).Status.ShouldBe(404);
        var silo = program.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        await Wait.UntilAsync(async () => (await LookAsync(program, $"/SiloCounters/{silo}")).Text.Contains("orleans-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Looks_ThatComeTogether_BeginItOnce()
    {
        await using var program = await GuardedProgram.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LookAsync(program, "/DashboardCounters")));

        answers.ShouldAllBe(answer => answer.Status == 200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void InACluster_CountsBeginWithTheSilo(bool alone)
    {
        var host = Host.CreateEmptyApplicationBuilder(new());
        host.UseOrleans(silo => OrleansDashboard.Add(silo, alone));

        host.Services.Any(service => service.ServiceType == typeof(DashboardServices)).ShouldBe(alone);
        host.Services.Any(service => service.ServiceType == typeof(IHostedService) && IsOfTheDashboard(service)).ShouldBe(!alone);

        static bool IsOfTheDashboard(ServiceDescriptor service) => !service.IsKeyedService
            && (service.ImplementationType ?? service.ImplementationFactory?.Method.ReturnType)?.Assembly == typeof(Orleans.Dashboard.DashboardOptions).Assembly;
    }

    static Task<(int Status, string Text)> LookAsync(GuardedProgram program, string page) =>
        program.SendAsync(HttpMethod.Get, OrleansDashboard.Path + page, program.Tokens["RiskOfficer"]);
}
