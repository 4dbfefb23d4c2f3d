using BenchmarkDotNet.Attributes;
using Trading.Testing;

namespace Trading.Benchmarks;

public interface IBenchmarkGrain : IGrainWithStringKey
{
    Task<int> AnswerAsync(int number);
    Task<int> AnswerLaterAsync(int number);
    Task<int> ForwardAsync(int number);
}

public sealed class BenchmarkGrain : Grain, IBenchmarkGrain
{
    IBenchmarkGrain? _next;

    public Task<int> AnswerAsync(int number) => Task.FromResult(number);

    public async Task<int> AnswerLaterAsync(int number)
    {
        await Task.Yield();
        return number;
    }

    public Task<int> ForwardAsync(int number) =>
        (_next ??= GrainFactory.GetGrain<IBenchmarkGrain>(this.GetPrimaryKeyString() + " next")).AnswerAsync(number);
}

/// <summary>What a call of a local grain costs.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    const int Callers = 64;
    TestSilo _silo = null!;
    IBenchmarkGrain _grain = null!;
    IBenchmarkGrain[] _grains = null!;
    int _fresh;

    [GlobalSetup]
    public async Task SetUp()
    {
        _silo = await TestSilo.StartAsync();
        _grain = _silo.Grains.GetGrain<IBenchmarkGrain>("one");
        _grains = [.. Enumerable.Range(0, Callers).Select(number => _silo.Grains.GetGrain<IBenchmarkGrain>($"{number}"))];
    }

    [GlobalCleanup]
    public async Task CleanUp() => await _silo.DisposeAsync();

    [Benchmark(Baseline = true)]
    public Task<int> Call() => _grain.AnswerAsync(1_000);

    [Benchmark]
    public Task<int> CallThroughANewReference() => _silo.Grains.GetGrain<IBenchmarkGrain>("one").AnswerAsync(1_000);

    [Benchmark]
    public Task<int> CallThatWaits() => _grain.AnswerLaterAsync(1_000);

    [Benchmark]
    public Task<int> CallThroughAnotherGrain() => _grain.ForwardAsync(1_000);

    [Benchmark]
    public Task<int> FirstCallOfAGrain() => _silo.Grains.GetGrain<IBenchmarkGrain>($"fresh {_fresh++}").AnswerAsync(1_000);

    [Benchmark(OperationsPerInvoke = Callers)]
    public Task<int[]> CallsOfManyGrainsAtOnce() => Task.WhenAll(_grains.Select(grain => grain.AnswerLaterAsync(1_000)));
}
