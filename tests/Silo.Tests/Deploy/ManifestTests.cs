using k8s;
using k8s.Models;
using Trading.Testing;

namespace Trading.Deploy.Tests;

/// <summary>The manifests of deploy/kubernetes, held to the types of the Kubernetes API: a member that it does not
/// know, or of another type, is an error. Then what the cluster needs of them.</summary>
public sealed class ManifestTests
{
    static readonly string Folder = Path.Combine(RepositoryFiles.Root, "deploy", "kubernetes");

    static readonly IReadOnlyList<object> Objects =
        [.. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "kustomization.yaml").Order()
        .SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), null, strict: true))];

    static IEnumerable<V1PodTemplateSpec> Pods =>
        [.. Objects.OfType<V1Deployment>().Select(one => one.Spec.Template), .. Objects.OfType<V1Job>()
            .Select(one => one.Spec.Template)];

    [Fact]
    public void EveryManifest_IsOfAKnownKind_AndNamedByAKustomization()
    {
        Objects.Count.ShouldBeGreaterThan(15);
        var named = Directory.EnumerateFiles(Folder, "kustomization.yaml", SearchOption.AllDirectories)
            .SelectMany(
                file => File.ReadLines(file).Select(line => line.Trim())
                .Where(line => line.StartsWith("- ", StringComparison.Ordinal))
                .Select(line => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, line[2..])))).ToHashSet();
        foreach (
            var file in Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "kustomization.yaml"))
            named.ShouldContain(file);
    }

    [Fact]
    public void EveryContainer_IsClosed_AndKnowsItsBounds()
    {
        foreach (var pod in Pods)
        {
            pod.Spec.SecurityContext.RunAsNonRoot.ShouldBe(true);
            foreach (var container in pod.Spec.Containers)
            {
                container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true, container.Name);
                container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false, container.Name);
                container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);
                container.Resources.Limits.Keys.ShouldContain("memory", container.Name);
            }
        }
    }

    [Fact]
    public void EverySelector_FindsPods()
    {
        var labels = Pods.Select(pod => pod.Metadata.Labels).ToList();
        IEnumerable<IDictionary<string, string>> selectors =
        [
            .. Objects.OfType<V1Deployment>().Select(one => one.Spec.Selector.MatchLabels),
                .. Objects.OfType<V1Service>().Select(one => one.Spec.Selector),
            .. Objects.OfType<V1PodDisruptionBudget>().Select(one => one.Spec.Selector.MatchLabels),
            .. Objects.OfType<V1NetworkPolicy>().Select(one => one.Spec.PodSelector.MatchLabels)
                .Where(match => match is not null),
        ];
        foreach (var selector in selectors)
            labels.ShouldContain(
                pod => selector.All(label => pod.ContainsKey(label.Key) && pod[label.Key] == label.Value));
    }

    [Fact]
    public void PodsThatDrain_AreGivenTheTime()
    {
        var drain =
            double.Parse(
            Objects.OfType<V1ConfigMap>().Single().Data["cluster__drain"],
            System.Globalization.CultureInfo.InvariantCulture);
        foreach (var deployment in Objects.OfType<V1Deployment>())
            deployment.Spec.Template.Spec.TerminationGracePeriodSeconds.ShouldNotBeNull()
                .ShouldBeGreaterThan((long)(drain + Hosting.Drain.Ending.TotalSeconds), deployment.Metadata.Name);
    }
}
