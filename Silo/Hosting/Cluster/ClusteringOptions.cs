using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Trading.Hosting;

/// <summary>Whether this process is one of several, and how they find each other. Section <c>cluster</c>. By itself a
/// process is alone, and none of the other settings counts.</summary>
public sealed class ClusteringOptions : IValidateOptions<ClusteringOptions>
{
    public const string Section = "cluster";
    const string Own = "own";
    const int LastPort = 65_535;

    /// <summary><c>none</c>, <c>redis</c>, or <c>postgres</c> (the database of the store).</summary>
    [ConfigurationKeyName("membership")] public string Membership { get; set; } = "none";

    /// <summary>Processes with the same name form one cluster.</summary>
    [ConfigurationKeyName("id")] public string Id { get; set; } = "trading";

    /// <summary>Of StackExchange.Redis, for example <c>localhost:6379,password=…</c>.</summary>
    [ConfigurationKeyName("redis_connection_string")] public string? Redis { get; set; }

    /// <summary>The IP address at which the other processes reach this silo; <c>own</c> for that of the machine or
    /// container.</summary>
    [ConfigurationKeyName("address")] public string Address { get; set; } = "127.0.0.1";

    /// <summary>Where other silos reach it; each silo of a machine needs its own.</summary>
    [ConfigurationKeyName("silo_port")] public int SiloPort { get; set; } = 11_111;

    /// <summary>Where API processes reach it; each silo of a machine needs its own.</summary>
    [ConfigurationKeyName("gateway_port")] public int GatewayPort { get; set; } = 30_000;

    /// <summary>Whether the silo runs in Kubernetes, where it has its name and address from its pod, and where silos
    /// whose pod is gone are declared dead at once.</summary>
    [ConfigurationKeyName("kubernetes")] public bool Kubernetes { get; set; }

    /// <summary>Seconds for which a process that is told to end still answers, while it says that it is not ready;
    /// from 0 to 300. Longer than whoever hands out requests takes to notice.</summary>
    [ConfigurationKeyName("drain")] public double Drain { get; set; } = 5;

    /// <summary>Percent of the processors in use from which a silo refuses calls of API processes; from 1 to 100,
    /// where 100 is never.</summary>
    [ConfigurationKeyName("shed_at_cpu")] public int ShedAtCpu { get; set; } = 95;

    /// <summary>Percent of the memory in use from which it refuses them, and puts grains out of memory that are not in
    /// use; from 1 to 100.</summary>
    [ConfigurationKeyName("shed_at_memory")] public int ShedAtMemory { get; set; } = 90;

    public bool IsOn => Membership != "none";

    /// <summary>Whether there is a Redis, also where the members are in the database.</summary>
    public bool HasRedis => !string.IsNullOrWhiteSpace(Redis);

    /// <summary>What <see cref="Address"/> comes to; null where it is none, or the machine has none but
    /// loopback.</summary>
    public IPAddress? Advertised =>
        Address == Own ? OwnAddress() : IPAddress.TryParse(Address, out var named) ? named : null;

    public ValidateOptionsResult Validate(string? name, ClusteringOptions options) =>
        options.Check() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;

    /// <summary>Every broken rule at once.</summary>
    public IReadOnlyList<string> Check()
    {
        List<string> errors = [];
        if (Membership is not ("none" or "redis" or "postgres"))
            errors.Add($"{Section}:membership is '{Membership}'; it can be none, redis or postgres.");
        if (!IsOn) return errors;
        if (string.IsNullOrWhiteSpace(Id)) errors.Add($"{Section}:id is empty; a cluster needs a name.");
        if ((Membership == "redis" || HasRedis) && !IsRedis(Redis))
            errors.Add(
                $"{Section}:redis_connection_string is missing or unreadable; redis needs one, as in localhost:6379.");
        if (Advertised is null)
            errors.Add(
                $"{Section}:address is '{Address}'; it must be an IP address, or {Own} where there is one beside loopback.");
        CheckPorts(errors);
        Range(errors, "drain", Drain, 0, Hosting.Drain.Longest.TotalSeconds);
        Range(errors, "shed_at_cpu", ShedAtCpu, 1, 100);
        Range(errors, "shed_at_memory", ShedAtMemory, 1, 100);
        return errors;
    }

    void CheckPorts(List<string> errors)
    {
        Range(errors, "silo_port", SiloPort, 1, LastPort);
        Range(errors, "gateway_port", GatewayPort, 1, LastPort);
        if (SiloPort == GatewayPort)
            errors.Add($"{Section}:silo_port and {Section}:gateway_port are both {SiloPort}; they must differ.");
    }

    static void Range(List<string> errors, string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            errors.Add($"{Section}:{name} is {value}; it must be from {least} to {most}.");
    }

    /// <summary>The first address of a network that is up; of several the same each time.</summary>
    static IPAddress? OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network
            is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback })
        .OrderBy(network => network.Id, StringComparer.Ordinal)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);

    static bool IsRedis(string? text)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(text) && ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
