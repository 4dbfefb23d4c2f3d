namespace Trading.Hosting.Tests;

public sealed class ClusteringOptionsTests
{
    [Fact]
    public void AProcessAlone_NeedsNothing() =>
        new ClusteringOptions { SiloPort = -1, Redis = "nonsense=" }.Check().ShouldBeEmpty();

    [Fact]
    public void Defaults_FormAClusterOnOneMachine() =>
        new ClusteringOptions { Membership = "redis", Redis = "localhost:6379,password=p" }.Check().ShouldBeEmpty();

    [Fact]
    public void EveryBrokenRule_IsNamedAtOnce()
    {
        var wrong = new ClusteringOptions
        {
            Membership = "redis", Id = " ", Address = "here", SiloPort = 0, GatewayPort = 70_000, Drain = -1,
                ShedAtCpu = 0, ShedAtMemory = 101,
        };

        var errors = wrong.Check();

        foreach (
            var setting in new[] { "cluster:id", "cluster:redis_connection_string", "cluster:address",
            "cluster:silo_port",
            "cluster:gateway_port", "cluster:drain", "cluster:shed_at_cpu", "cluster:shed_at_memory" })
            errors.Count(error => error.StartsWith(setting, StringComparison.Ordinal)).ShouldBe(1, setting);
    }

    [Theory]
    [InlineData("zookeeper")]
    [InlineData("")]
    public void AnUnknownMembership_IsRefusedWithTheKnownOnes(string membership) =>
        new ClusteringOptions { Membership = membership }.Check()
            .ShouldContain(error => error.Contains("none, redis or postgres"));
}
