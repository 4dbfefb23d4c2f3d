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
            .Select(one => one.Spec.Template),
            .. Objects.OfType<V1CronJob>().Select(one => one.Spec.JobTemplate.Spec.Template)];

    static IEnumerable<V1Container> ContainersOf(V1PodTemplateSpec pod) =>
        (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers);

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
            foreach (var container in ContainersOf(pod))
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

    /// <summary>One that waits for its silos is not ready, and lives: to start it anew would help nobody.</summary>
    [Fact]
    public void Probes_AskWhetherItLives_AndWhetherItIsReady_AtAPortThatIsThere()
    {
        foreach (var container in Objects.OfType<V1Deployment>().SelectMany(one => one.Spec.Template.Spec.Containers))
        {
            container.StartupProbe.HttpGet.Path.ShouldBe("/health/live", container.Name);
            container.LivenessProbe.HttpGet.Path.ShouldBe("/health/live", container.Name);
            container.ReadinessProbe.HttpGet.Path.ShouldBe("/health/ready", container.Name);
            container.Ports.Select(port => port.Name).ShouldContain("http");
        }
    }

    [Fact]
    public void Ports_AreThoseOfTheSettings_AndMonitoringAloneReachesTheMetrics()
    {
        var settings = Objects.OfType<V1ConfigMap>().Single().Data;
        foreach (var container in Objects.OfType<V1Deployment>().SelectMany(one => one.Spec.Template.Spec.Containers))
        {
            int PortOf(string name) => container.Ports.Single(port => port.Name == name).ContainerPort;
            PortOf("http").ShouldBe(new Uri(settings["urls"]).Port, container.Name);
            PortOf("metrics").ShouldBe(new Uri(settings["monitoring__metrics_url"]).Port, container.Name);
        }

        foreach (var policy in Objects.OfType<V1NetworkPolicy>().Where(one => one.Spec.PodSelector.MatchLabels is not null))
            policy.Spec.Ingress.Single(rule => rule.Ports.Any(port => port.Port.Value == "metrics")).FromProperty.Single()
                .NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"].ShouldBe("monitoring", policy.Metadata.Name);
    }

    /// <summary>The root is read-only: what is written for a moment has a volume, and nothing else is written.</summary>
    [Fact]
    public void ScratchFolder_IsAVolumeOfEveryPod()
    {
        var scratch = Objects.OfType<V1ConfigMap>().Single().Data["TMPDIR"];
        foreach (var pod in Pods)
            foreach (var container in ContainersOf(pod))
            {
                var mount = container.VolumeMounts.Single(mount => mount.MountPath == scratch);
                pod.Spec.Volumes.Single(volume => volume.Name == mount.Name).EmptyDir.ShouldNotBeNull(container.Name);
            }
    }

    /// <summary>Folder and key are where the settings say, and in no other pod; only what makes a backup may write there.</summary>
    [Fact]
    public void Backups_HaveAVolumeThatStays_AndAKeyFromASecret_WhereTheSettingsLook()
    {
        var settings = Objects.OfType<V1ConfigMap>().Single().Data;
        var claims = Objects.OfType<V1PersistentVolumeClaim>().Select(claim => claim.Metadata.Name).ToList();
        var key = Path.GetDirectoryName(settings["backup__key_file"]);
        foreach (var pod in Pods)
            foreach (var container in ContainersOf(pod))
            {
                V1VolumeMount? MountOf(string? path) => container.VolumeMounts.SingleOrDefault(mount => mount.MountPath == path);
                V1Volume VolumeOf(V1VolumeMount mount) => pod.Spec.Volumes.Single(volume => volume.Name == mount.Name);
                var (folder, secret) = (MountOf(settings["backup__folder"]), MountOf(key));
                (folder is not null, secret is not null).ShouldBe(container.Args[0] == "backup" ? (true, true) : (false, false), container.Name);
                if (folder is null || secret is null) continue;
                claims.ShouldContain(VolumeOf(folder).PersistentVolumeClaim.ClaimName);
                VolumeOf(secret).Secret.SecretName.ShouldBe("backup-key");
                (folder.ReadOnlyProperty is true).ShouldBe(container.Args[1] != "create", container.Name);
            }
    }

    [Fact]
    public void Restoration_IsNeverDoneByASchedule() => Objects.OfType<V1CronJob>()
        .ToDictionary(job => job.Metadata.Name, job => job.Spec.Suspend is true).ShouldBe(
            new Dictionary<string, bool> { ["backup"] = false, ["restore"] = true }, ignoreOrder: true);
}
