using System.Collections.Immutable;

namespace Trading.MarketData.Tests;

/// <summary>A source that answers as a test says.</summary>
sealed class ScriptedBars(string name, Func<BarRequest, BarAnswer> answer) : IBarSource
{
    public string Name => name;
    public Func<BarRequest, BarAnswer> Answer { get; set; } = answer;
    public int Asked { get; private set; }

    public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
    {
        Asked++;
        return Task.FromResult(Answer(request));
    }

    public static BarAnswer Of(params ReadOnlySpan<Bar> bars) => new(true, [.. bars], [], null, null, null);

    /// <summary>A bar at each day of the request.</summary>
    public static BarAnswer Days(BarRequest request, decimal close = 100)
    {
        var bars = ImmutableArray.CreateBuilder<Bar>();
        for (var day = request.From!.Value; day < request.To; day += TimeSpan.FromDays(1)) bars.Add(new(day, close, close, close, close, 1));
        return new(true, bars.ToImmutable(), [], request.To, "USD", null);
    }

    public static Func<BarRequest, BarAnswer> Fails(SourceFailure failure) => _ => throw new SourceException("scripted", failure, $"fails with {failure}");
}
