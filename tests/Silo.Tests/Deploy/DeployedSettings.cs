using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Trading.Testing;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Trading.Deploy.Tests;

/// <summary>What a container of deploy/ is started with, as the files there say it.</summary>
/// <param name="Variables">Its environment, with something in the place of each secret.</param>
/// <param name="Settings">Of its command line, each <c>key=value</c>.</param>
public sealed partial record DeployedSettings(
    string Name, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Settings)
{
    public static readonly string Folder = Path.Combine(RepositoryFiles.Root, "deploy");

    /// <summary>What the secrets of a deployment hold; these are no secrets.</summary>
    public static readonly IReadOnlyDictionary<string, string> Secrets = new Dictionary<string, string>
    {
        ["TRADING_MASTER_KEY"] = "m1:not-looked-at",
        ["store__connection_string"] = "Host=postgres;Database=trading;Username=trading;Password=x",
        ["cluster__redis_connection_string"] = "redis:6379",
    };

    public override string ToString() => Name;

    /// <summary>Every service of docker-compose.yml, by name, with its parts.</summary>
    public static IReadOnlyDictionary<string, Dictionary<string, object>> ServicesOfCompose()
    {
        using var text = new StreamReader(Path.Combine(Folder, "docker-compose.yml"));
        var file = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(text)));
        return Map(file["services"]).ToDictionary(service => service.Key, service => Map(service.Value));
    }

    /// <summary>Of the services of docker-compose.yml that run the program.</summary>
    /// <param name="shell">Variables of whoever calls compose.</param>
    public static IEnumerable<DeployedSettings> OfCompose(params (string Name, string Value)[] shell)
    {
        foreach (var (name, parts) in ServicesOfCompose())
            if ((parts.GetValueOrDefault("image") as string)?.StartsWith("trading:", StringComparison.Ordinal) == true)
                yield return new($"compose {name}",
                    Map(parts["environment"]).ToDictionary(pair => pair.Key, pair => Filled((string)pair.Value, shell)),
                    Arguments([.. ((List<object>)parts["command"]).Cast<string>()]));
    }

    /// <summary>Of the pods of deploy/kubernetes.</summary>
    public static IEnumerable<DeployedSettings> OfKubernetes()
    {
        IReadOnlyList<object> objects = [.. Directory.EnumerateFiles(Path.Combine(Folder, "kubernetes", "base"), "*.yaml")
            .Where(file => Path.GetFileName(file) != "kustomization.yaml")
            .SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), null, strict: true))];
        var maps = objects.OfType<V1ConfigMap>().ToDictionary(map => map.Metadata.Name, map => map.Data);
        IEnumerable<V1PodSpec> pods = [.. objects.OfType<V1Deployment>().Select(one => one.Spec.Template.Spec),
            .. objects.OfType<V1Job>().Select(one => one.Spec.Template.Spec),
            .. objects.OfType<V1CronJob>().Select(one => one.Spec.JobTemplate.Spec.Template.Spec)];
        foreach (var container in pods.SelectMany(pod => (pod.InitContainers ?? []).Concat(pod.Containers)))
        {
            var variables = new Dictionary<string, string>(Secrets);
            foreach (var map in container.EnvFrom.Where(from => from.ConfigMapRef is not null))
                foreach (var (name, value) in maps[map.ConfigMapRef.Name]) variables[name] = value;
            foreach (var one in container.Env ?? []) variables[one.Name] = one.Value ?? "of the pod";
            yield return new($"kubernetes {container.Name}", variables, Arguments(container.Args));
        }
    }

    static List<string> Arguments(IList<string> command) =>
        [.. command.Where((_, at) => at > 0 && command[at - 1] == "--set")];

    static Dictionary<string, object> Map(object node) =>
        ((Dictionary<object, object>)node).ToDictionary(pair => (string)pair.Key, pair => pair.Value);

    /// <summary>As compose fills in <c>${NAME}</c>, <c>${NAME:-default}</c> and <c>${NAME:?why it must be there}</c>.</summary>
    static string Filled(string value, (string Name, string Value)[] shell) => Variable().Replace(value, found =>
        shell.Where(one => one.Name == found.Groups["name"].Value).Select(one => one.Value).FirstOrDefault()
        ?? (found.Groups["rule"].Value.EndsWith('?') ? "x" : found.Groups["rest"].Value));

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<rule>:?[-?])?(?<rest>[^}]*)\}")]
    private static partial Regex Variable();
}
