using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Where a model comes from: enough to make it again to the byte.</summary>
/// <param name="DataHash">SHA-256 of the training sample: columns, numbers and labels.</param>
/// <param name="Features">Names with versions of all columns that it could choose from.</param>
/// <param name="CodeVersion">Of the program that trained it.</param>
/// <param name="Configuration">The spec in words.</param>
/// <param name="Label">What it learned, by <see cref="LabelSpec.Name"/>; null for a model of an earlier build, which
/// knew the direction of the next return alone.</param>
public sealed record Lineage(
    string DataHash, ImmutableArray<string> Features, string CodeVersion, int Seed, string Configuration,
    DateOnly TrainedFrom, DateOnly TrainedThrough, int Rows, string? Label = null)
{
    /// <summary>Of a sample as it is, every bit of it.</summary>
    public static string Hash(Sample sample)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', sample.Columns)));
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(sample.Values));
        foreach (var label in sample.Labels)
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
                $"\n{label.Interval}|{label.Return:R}|{label.Rise}")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What returns were after rises and after falls, in units of volatility, and how far they scattered.</summary>
/// <param name="Spread">The distance from what was expected that nine in ten stayed within, out of sample
/// (split conformal).</param>
public sealed record ReturnOutlook(double AfterRise, double AfterFall, double Spread)
{
    public const double Coverage = 0.9;

    public double Expected(double probability) => probability * AfterRise + (1 - probability) * AfterFall;

    /// <param name="forecasts">Given out of sample.</param>
    public static ReturnOutlook Of(Sample train, IReadOnlyCollection<Forecast> forecasts)
    {
        double Mean(bool rise) => train.Labels.Where(label => label.Rise == rise).Average(label => label.Scaled);
        var outlook = new ReturnOutlook(Mean(true), Mean(false), 0);
        double[] misses = [.. forecasts.Select(forecast =>
            Math.Abs(forecast.Label.Scaled - outlook.Expected(forecast.Probability))).Order()];
        var place = (int)Math.Ceiling((misses.Length + 1) * Coverage) - 1;
        return outlook with { Spread = misses[Math.Min(place, misses.Length - 1)] };
    }
}

/// <summary>A trained model with all that predicting, watching and explaining it needs.</summary>
/// <param name="Columns">Names with versions of the features of a row, in order.</param>
/// <param name="Saved">As the method wrote it.</param>
/// <param name="InputBaselines">For each column, its frozen bins.</param>
/// <param name="ProbabilityBaseline">Of what it said of rows that it was not fitted on.</param>
/// <param name="ProbabilityQuantiles">Of the same, ascending, at most <see cref="MaxQuantiles"/>.</param>
/// <param name="ExpectedLoss">Log loss out of sample.</param>
public sealed record ModelArtefact(
    string Method, TrainerSettings Settings, ImmutableArray<string> Columns, string Saved, Calibrator Calibrator,
    double BaseRate, double Drift, int Horizon, ReturnOutlook Outlook, ImmutableArray<double> Importance,
    ImmutableArray<PopulationStability> InputBaselines, PopulationStability ProbabilityBaseline,
    ImmutableArray<double> ProbabilityQuantiles, double ExpectedLoss, Dissimilarity Inputs, Lineage Lineage)
{
    public const int MaxQuantiles = 500;

    /// <summary>What its probability is of.</summary>
    [JsonIgnore]
    public LabelSpec Label => Lineage.Label is { } name ? LabelSpec.Parse(name) : new LabelSpec.NextReturn(Horizon);

    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal static ImmutableArray<double> Quantiles(double[] values)
    {
        var sorted = values.Order().ToArray();
        var count = Math.Min(sorted.Length, MaxQuantiles);
        return [.. Enumerable.Range(0, count).Select(i => sorted[(int)((2L * i + 1) * sorted.Length / (2 * count))])];
    }

    /// <summary>As JSON behind its own SHA-256.</summary>
    public string Save()
    {
        var body = JsonSerializer.Serialize(this, Json);
        return $"{Hash(body)}\n{body}";
    }

    /// <exception cref="CorruptModelException">It is not what <see cref="Save"/> wrote.</exception>
    public static ModelArtefact Load(string saved)
    {
        var end = saved.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || saved[..end] != Hash(saved[(end + 1)..]))
            throw new CorruptModelException("The stored model is damaged: its content has another SHA-256 than it was stored with.");
        try
        {
            return JsonSerializer.Deserialize<ModelArtefact>(saved[(end + 1)..], Json)
                ?? throw new CorruptModelException("The stored model is empty.");
        }
        catch (JsonException failure)
        {
            throw new CorruptModelException($"The stored model cannot be read: {failure.Message}", failure);
        }
    }

    static string Hash(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
