using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Trading.MarketData;

/// <summary>Asks sources in the order of the symbol's class until one gives a usable answer, which then is the whole
/// answer: two sources are never mixed. A source that fails goes behind the trusted ones. It is then asked the same
/// beside the one that serves, and comes back to its place after a number of answers that were good by themselves and
/// agreed with those that were served.</summary>
public sealed class SourceChain : IAsyncDisposable, IDisposable
{
    readonly SourceChainOptions _options;
    readonly AssetClasses _classes;
    readonly TimeProvider _clock;
    readonly ImmutableArray<ChainLink> _links;
    readonly Dictionary<AssetClass, ImmutableArray<ChainLink>> _order;
    readonly Dictionary<ChainLink, Task> _probes = [];
    readonly CancellationTokenSource _stop = new();
    long _answers;

    /// <exception cref="ArgumentException">An order names a source that there is none of, or two sources have one
    /// name.</exception>
    public SourceChain(
        IEnumerable<IBarSource> sources, SourceChainOptions options, TimeProvider clock,
        ILogger<SourceChain>? logger = null)
    {
        (_options, _clock, _classes) = (options, clock, options.Classes());
        _links =
            [.. sources.Select(
                source => new ChainLink(source, options, clock, logger ?? NullLogger<SourceChain>.Instance))];
        _order = Enum.GetValues<AssetClass>().ToDictionary(symbols => symbols, Ordered);
    }

    public AssetClass ClassOf(string symbol) => _classes.Of(symbol);

    /// <summary>Bars from the first source that has them.</summary>
    /// <returns>An answer that says who gave it. Not known only where every source of the class says so.</returns>
    /// <exception cref="SourceChainException">No source gave a usable answer; it says why of each.</exception>
    public async Task<ChainAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
    {
        var symbols = ClassOf(request.Symbol);
        var skipped = ImmutableArray.CreateBuilder<SkippedSource>();
        foreach (var link in _order[symbols].OrderBy(link => link.IsTrusted ? 0 : 1).ToArray())
        {
            try
            {
                var answer = await link.AskAsync(
                    request, answer => Check(link, request, answer, symbols), cancellation);
                if (answer.Known)
                {
                    Interlocked.Increment(ref _answers);
                    link.CountServed();
                    Probe(_order[symbols], link, request, answer);
                    return new(link.Name, answer, _clock.GetUtcNow(), skipped.ToImmutable());
                }

                skipped.Add(new(link.Name, null, $"{link.Name}: no such symbol"));
            }
            catch (SourceException failed)
            {
                skipped.Add(new(link.Name, failed.Failure, failed.Message));
            }
        }

        return skipped.Count > 0 && skipped.All(source => source.Failure is null)
            ? new(null, BarAnswer.Unknown, _clock.GetUtcNow(), skipped.ToImmutable())
            : throw new SourceChainException(request, skipped.ToImmutable());
    }

    /// <summary>The same as a <see cref="BarFill"/>, so that a broken stream goes on from whichever source
    /// serves.</summary>
    /// <exception cref="SourceChainException">No source gave a usable answer, or none knows the symbol.</exception>
    public async Task<(string Source, ImmutableArray<Bar> Bars)> FillAsync(
        BarRequest request, CancellationToken cancellation)
    {
        var answer = await FetchAsync(request, cancellation);
        return answer.Source is { } source
            ? (source, answer.Answer.Bars) : throw new SourceChainException(request, answer.Skipped);
    }

    /// <summary>What the next trusted source of the class has, within a bounded wait and half of its budget.</summary>
    /// <param name="served">What the first source answered.</param>
    /// <returns>Its bars; none where there is no such source, or it gives no usable answer in time.</returns>
    public async Task<ImmutableArray<Bar>> SecondAsync(
        ChainAnswer served, BarRequest request, CancellationToken cancellation)
    {
        var symbols = ClassOf(request.Symbol);
        if (!_options.SecondSource
            || _order[symbols].FirstOrDefault(link => link.Name != served.Source && link.MaySpare) is not { } second)
            return [];
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(_options.SecondSourceWait), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return (await second.AskAsync(
                request, answer => Check(second, request, answer, symbols), either.Token)).Bars;
        }
        catch (Exception failed) when (
            failed is SourceException
                || (failed is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return []; // the link has a failure on record; lateness is none
        }
    }

    /// <summary>How every source does, by name.</summary>
    public ImmutableArray<SourceReport> Report()
    {
        var answers = Interlocked.Read(ref _answers);
        return [.. _links.OrderBy(link => link.Name, StringComparer.Ordinal)
            .Select(link => link.Report(PlacesOf(link), answers))];
    }

    /// <summary>Ends with the questions that are under way beside the served answers.</summary>
    public Task ProbesAsync()
    {
        lock (_probes) return Task.WhenAll(_probes.Values);
    }

    /// <summary>Breaks off the questions that are under way, and waits for their end.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await ProbesAsync();
    }

    /// <summary>Breaks off the questions that are under way.</summary>
    public void Dispose() => _stop.Cancel(); // without a timer or a handle there is nothing else to free

    /// <summary>Asks every source on probation the same as was just answered: one question at a time for
    /// each.</summary>
    void Probe(ImmutableArray<ChainLink> order, ChainLink served, BarRequest request, BarAnswer answer)
    {
        if (answer.Bars.IsEmpty || _stop.IsCancellationRequested) return; // nothing to compare with
        lock (_probes)
            foreach (var link in order)
            {
                if (link == served || !link.MayBeProbed
                    || (_probes.TryGetValue(link, out var probe) && !probe.IsCompleted))
                    continue;
                _probes[link] = ProbeAsync(link, request, answer);
            }
    }

    async Task ProbeAsync(ChainLink link, BarRequest request, BarAnswer served)
    {
        // the caller has its answer and need not wait
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await link.AskAsync(request, answer =>
            {
                Check(link, request, answer, ClassOf(request.Symbol));
                if (!answer.Bars.IsEmpty && !AnswerChecks.Agree(answer.Bars, served.Bars, _options.AgreementTolerance))
                    throw new SourceException(
                        link.Name, SourceFailure.Nonsense, "its bars are not those of the source that served");
            }, _stop.Token);
        }
        catch (Exception failed) when (failed is SourceException or OperationCanceledException)
        {
            // The link has it on record.
        }
    }

    void Check(ChainLink link, BarRequest request, BarAnswer answer, AssetClass symbols)
    {
        if ((AnswerChecks.Shape(request, answer) ?? AnswerChecks.AgainstKnown(request, answer)) is { } wrong)
            throw new SourceException(link.Name, SourceFailure.Nonsense, wrong);
        if (symbols == AssetClass.Crypto
            && AnswerChecks.StandsStill(request, answer, _clock.GetUtcNow(), _options.CryptoMaxLag) is { } old)
            // the coin may be the one that stands still
            throw new SourceException(link.Name, SourceFailure.OutOfReach, old);
    }

    ImmutableArray<ChainLink> Ordered(AssetClass symbols)
    {
        if (_links.GroupBy(link => link.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two sources are called '{twice.Key}'.");
        if (_options.Order[symbols] is not { } names)
            return [.. SourceChainOptions.DefaultOrder(symbols)
                .SelectMany(name => _links.Where(link => link.Name == name))];
        var unknown = names.Where(name => _links.All(link => link.Name != name)).ToArray();
        var there = string.Join(", ", _links.Select(link => link.Name));
        if (unknown.Length > 0)
            throw new ArgumentException(
                $"{SourceChainOptions.Section}:order names {string.Join(", ", unknown)} for {symbols}; there are {there}.");
        return [.. names.Select(name => _links.First(link => link.Name == name))];
    }

    ImmutableArray<SourcePlace> PlacesOf(ChainLink link) =>
        [.. _order.Where(entry => entry.Value.Contains(link))
            .Select(entry => new SourcePlace(entry.Key, entry.Value.IndexOf(link) + 1))];
}
