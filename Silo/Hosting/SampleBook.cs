using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Hosting;

/// <summary>Which book a first start opens. Section <c>portfolio</c>.</summary>
public sealed class SampleBookOptions
{
    public const string Section = "portfolio";

    /// <summary>A JSON file with terms and positions; empty for none, and then a first start has no book.</summary>
    [ConfigurationKeyName("sample")] public string? Path { get; set; }
}

/// <summary>Opens the default portfolio from a file where there is none yet. Every step has an idempotency key, so an interrupted
/// opening is completed by the next start, and a finished one is not repeated.</summary>
sealed partial class SampleBook(IOptions<SampleBookOptions> options)
{
    public async Task OpenAsync(IGrainFactory grains)
    {
        if (string.IsNullOrWhiteSpace(options.Value.Path)) return;
        var sample = await ReadAsync(options.Value.Path);
        var book = grains.GetGrain<IPortfolioGrain>(GrainKeys.DefaultPortfolio);
        var opened = await book.CreateAsync(new PortfolioTerms(sample.Currency, sample.Cash, sample.AllowShort));
        if (!opened.IsDone) return; // a book of the user's own has this name
        foreach (var position in sample.Positions)
        {
            var fill = new Fill($"sample-{position.Symbol}", null, null, position.Symbol, Side.Buy, position.Quantity, position.Price, Fees: 0, External: true);
            var receipt = await book.FillAsync(fill);
            if (!receipt.IsDone)
                throw new InvalidDataException($"{options.Value.Path}: position {position.Symbol}: {receipt.Errors[0].Message}");
        }
    }

    static async Task<SampleFile> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync(file, SampleJson.Default.SampleFile)
            ?? throw new InvalidDataException($"{path} is empty.");
    }

    internal sealed record SampleFile(string Currency, decimal Cash, bool AllowShort, DateOnly TradedOn, SamplePosition[] Positions);

    internal sealed record SamplePosition(string Symbol, decimal Quantity, decimal Price);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true)]
    [JsonSerializable(typeof(SampleFile))]
    internal sealed partial class SampleJson : JsonSerializerContext;
}
