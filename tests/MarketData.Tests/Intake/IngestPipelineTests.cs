using System.Collections.Immutable;

namespace Trading.MarketData.Tests;

public sealed class IngestPipelineTests
{
    static readonly IngestReceipt One = new(0, 0, 1, 0, 0);

    [Fact]
    public async Task WhoBringsMoreThanIsDealtWith_Waits()
    {
        var gate = new TaskCompletionSource();
        await using var pipeline = Pipeline(async (_, _) =>
        {
            await gate.Task;
            return One;
        }, batchSize: 1, workers: 2);

        await pipeline.AddAsync("A", default, CancellationToken.None);
        await pipeline.AddAsync("B", default, CancellationToken.None);
        var third = pipeline.AddAsync("C", default, CancellationToken.None).AsTask();
        third.IsCompleted.ShouldBeFalse();

        gate.SetResult();
        await third;
        (await pipeline.FinishAsync(CancellationToken.None)).Select(symbol => symbol.Symbol).ShouldBe(["A", "B", "C"]);
    }

    [Fact]
    public async Task BatchesOfASymbol_GoOneAfterAnother_InTheirOrder()
    {
        var (running, most, seen) = (0, 0, new List<decimal>());
        await using var pipeline = Pipeline(async (_, bars) =>
        {
            most = Math.Max(most, ++running);
            await Task.Yield();
            seen.AddRange(bars.Select(bar => bar.Close));
            running--;
            return One with { Accepted = bars.Length };
        }, batchSize: 2, workers: 4);

        for (var close = 0; close < 11; close++) await pipeline.AddAsync("A", new Bar { Close = close }, CancellationToken.None);
        var all = (await pipeline.FinishAsync(CancellationToken.None)).ShouldHaveSingleItem();

        (most, all.Receipt.Accepted, all.Failed).ShouldBe((1, 11, 0));
        seen.ShouldBe(Enumerable.Range(0, 11).Select(close => (decimal)close));
    }

    [Fact]
    public async Task AfterAFailure_NothingMoreIsHandedOn_AndTheCountsSaySo()
    {
        var calls = 0;
        await using var pipeline = Pipeline((_, _) => ++calls == 2 ? throw new IOException("full") : Task.FromResult(One), batchSize: 1, workers: 1);

        foreach (var symbol in (string[])["A", "B", "C"]) await pipeline.AddAsync(symbol, default, CancellationToken.None);
        var symbols = await pipeline.FinishAsync(CancellationToken.None);

        (calls, pipeline.Problem).ShouldBe((2, "B: full"));
        symbols.Select(symbol => (symbol.Receipt.Accepted, symbol.Failed)).ShouldBe([(1, 0L), (0, 1L), (0, 1L)]);
    }

    static IngestPipeline Pipeline(Func<string, ImmutableArray<Bar>, Task<IngestReceipt>> hand, int batchSize, int workers) =>
        new(hand, (symbol, failure) => $"{symbol}: {failure.Message}", batchSize, workers);
}
