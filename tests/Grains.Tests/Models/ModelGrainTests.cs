using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Journal;
using Trading.Learning;
using Trading.MarketData;
using Trading.MarketData.Tests;
using Trading.Testing;

namespace Trading.Models.Tests;

public sealed partial class ModelGrainTests : IAsyncLifetime
{
    static readonly TimeSpan Day = TimeSpan.FromDays(1);
    readonly VirtualTime _time = new();
    readonly Prices _prices = new();
    readonly GatedTrainer _trainer = new();
    TestSilo _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _prices["IBM"] = Histories.WithEdge();
        _silo = await TestSilo.StartAsync(_time, services => services.AddModels().AddInMemoryJournal()
            .AddSingleton<ISymbolFeeds>(new ScriptedFeeds(_prices))
            .AddSingleton(new ModelTrainers(_trainer))
            .AddSingleton<IMacroSource>(new Rates())
            .Configure<ModelOptions>(Histories.Learn)
            .Configure<MarketDataOptions>(options => options.RefreshInterval = Day.TotalSeconds / 2));
    }

    public async ValueTask DisposeAsync()
    {
        _trainer.Open();
        await _silo.DisposeAsync();
    }

    IModelGrain Model(string symbol = "IBM") => _silo.Grains.GetGrain<IModelGrain>(symbol);

    [Fact]
    public async Task AStart_TrainsAnUntrainedModel_WhichThenPredicts()
    {
        await Model().StartAsync();
        (await TrainedAsync(Model(), 1)).Reason.ShouldBe("start");

        var prediction = await Model().GetPredictionAsync();
        prediction.ProbabilityUp!.Value.ShouldBeInRange(0.01, 0.99);
        prediction.AsOf.ShouldBe(prediction.TrainedThrough);
        prediction.Abstention.ShouldBeNull();
        prediction.ReturnLow!.Value.ShouldBeLessThan(prediction.ExpectedReturn!.Value);
        prediction.ReturnHigh!.Value.ShouldBeGreaterThan(prediction.ExpectedReturn!.Value);
        prediction.DataHash!.Length.ShouldBe(64);
        prediction.Features.ShouldAllBe(feature => feature.Coefficient != null);

        var performance = await Model().GetPerformanceAsync();
        performance.Method.ShouldBe("logistic");
        performance.Folds.Length.ShouldBe(5);
        performance.Observations.ShouldBe(performance.Folds.Sum(fold => fold.Observations));
        performance.Evidence!.Verdict.ShouldBe(ModelVerdict.Promote, performance.Evidence.Reason);
        performance.Evidence.Gate.ShouldAllBe(rule => rule.Passed);
    }

    [Fact]
    public async Task ATraining_KeepsWhatItsFoldsSaid_EachBeforeItSawTheSession()
    {
        (await Model().GetForecastsAsync()).Kind.ShouldBe(OutcomeKind.NotFound);
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        var forecasts = (await Model().GetForecastsAsync()).Value!;
        var performance = await Model().GetPerformanceAsync();
        forecasts.ModelVersion.ShouldBe(1);
        forecasts.Forecasts.Length.ShouldBe(performance.Observations);
        forecasts.Forecasts.ShouldAllBe(forecast => forecast.TrainedThrough <= forecast.Session);
        forecasts.Forecasts.Select(forecast => forecast.Session).ShouldBeInOrder(SortDirection.Ascending);
        foreach (var fold in performance.Folds)
            forecasts.Forecasts.Where(forecast => forecast.Session >= fold.TestFrom && forecast.Session < fold.TestTo)
                .ShouldAllBe(forecast => forecast.TrainedThrough == fold.TrainTo);
        // They outlive the activation, and are what a backtest may trade on.
        await TestSilo.EndAsync(Model());
        (await Model().GetForecastsAsync()).Value!.Forecasts.ShouldBe(forecasts.Forecasts);
    }

    [Fact]
    public async Task ARetraining_IsAnsweredAtOnce_AndNeverRunsTwice()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        var before = await Model().GetPredictionAsync();

        _trainer.Close();
        (await Model().RetrainAsync("by hand")).State.ShouldBe(TrainingState.Running);
        (await Model().RetrainAsync("again")).Reason.ShouldBe("by hand");
        var meanwhile = await Model().GetPredictionAsync();
        (meanwhile.ProbabilityUp, meanwhile.ModelVersion).ShouldBe((before.ProbabilityUp, 1));

        _trainer.Open();
        (await TrainedAsync(Model(), 2)).Reason.ShouldBe("by hand");
    }

    [Fact]
    public async Task ATrainingThatFails_KeepsTheModel_AndSaysWhy()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        var before = await Model().GetPredictionAsync();
        _trainer.Failure = new InvalidOperationException("Out of luck.");
        await Model().RetrainAsync("by hand");
        var status = await EndedAsync(Model());
        (status.State, status.ModelVersion, status.Reason, status.Detail).ShouldBe((TrainingState.Failed, 1, "by hand", "The training failed: Out of luck."));
        (await Model().GetPredictionAsync()).ProbabilityUp.ShouldBe(before.ProbabilityUp);
    }

    [Fact]
    public async Task EconomicSeries_AreFeatures_WhereTheyWereKnownEarlyEnough()
    {
        _silo.Services.GetRequiredService<IOptions<ModelOptions>>().Value.MacroSeries = ["rate", "LATE"];
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        (await Model().GetPredictionAsync()).Abstention.ShouldBeNull();
        (await Model().GetPerformanceAsync()).Evidence!.Features.Select(feature => feature.Name)
            .Where(name => name.StartsWith("macro_", StringComparison.Ordinal)).Order()
            .ShouldBe(["macro_rate", "macro_rate_change_63"]);
    }

    [Fact]
    public async Task PublishedSeries_AreFeatures_WhereTheyTellOfTheSymbol_AndAreLeftOutWhereNot()
    {
        using var folder = new TemporaryFolder();
        _silo.Services.GetRequiredService<IOptions<PublishedOptions>>().Value.Path = folder.Path;
        var random = new Random(5);
        string Daily(string header, int from, Func<string> rest) => header + string.Concat(Enumerable.Range(from, Histories.EdgeSessions - from)
            .Select(day => $"{Histories.First.AddDays(day):yyyy-MM-dd}{rest()}\n"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "news.csv"), Daily("published,symbol,count\n", 0, () => $",IBM,{random.Next(6)}"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "spread.csv"), Daily("published,level\n", 0, () => $",{random.Next(600)}"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "late.csv"), Daily("published,level\n", 1_000, () => ",1"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "other.csv"), Daily("published,symbol,count\n", 0, () => ",MSFT,1"));
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        (await Model().GetPredictionAsync()).Abstention.ShouldBeNull();
        (await Model().GetPerformanceAsync()).Evidence!.Features.Select(feature => feature.Name)
            .Where(name => name.StartsWith("published_", StringComparison.Ordinal)).Order()
            .ShouldBe(["published_news_1", "published_news_21", "published_news_5", "published_spread", "published_spread_change_63"]);
    }

    [Theory]
    [InlineData("UNKNOWN", "There is no series of UNKNOWN: it is unknown.")]
    [InlineData("YOUNG", "YOUNG has 120 sessions; a training needs 500.")]
    [InlineData("FLAT", "FLAT: no session has all features; not defined: standard_return_1, standard_return_5, volatility_ratio_5_21, volatility_ratio_21_63, volatility_ratio_21_252. Do its prices move at all?")]
    public async Task ASymbolThatCannotBeLearned_StaysUntrained_AndSaysWhy(string symbol, string why)
    {
        _prices["YOUNG"] = Histories.Walk(120, carry: 0, seed: 2);
        _prices["FLAT"] = [.. Enumerable.Repeat(10.0, 800)];
        await Model(symbol).RetrainAsync("by hand");
        var status = await EndedAsync(Model(symbol));
        (status.State, status.ModelVersion, status.Detail).ShouldBe((TrainingState.Failed, 0, why));
        (await Model(symbol).GetPredictionAsync()).ProbabilityUp.ShouldBeNull();
        (await Model(symbol).GetPerformanceAsync()).Accuracy.ShouldBeNull();
    }

    [Fact]
    public async Task AStoppingSilo_EndsATraining()
    {
        _trainer.Close();
        await Model().RetrainAsync("by hand");
        await _trainer.Waiting;
        await _silo.StopAsync();
        await _trainer.Cancelled.WaitAsync(TimeSpan.FromSeconds(30));
    }

    static async Task<TrainingStatus> TrainedAsync(IModelGrain model, int version)
    {
        TrainingStatus status;
        do status = await EndedAsync(model);
        while (status.ModelVersion < version);
        status.State.ShouldBe(TrainingState.Trained, status.Detail);
        return status;
    }

    /// <summary>Asks until no training runs.</summary>
    static async Task<TrainingStatus> EndedAsync(IModelGrain model)
    {
        var status = (await model.GetPerformanceAsync()).Training;
        await Wait.UntilAsync(async () =>
        {
            status = (await model.GetPerformanceAsync()).Training;
            return status.State is TrainingState.Trained or TrainingState.Failed;
        });
        return status;
    }

    sealed class Prices : ConcurrentDictionary<string, double[]>, ISeriesScript
    {
        public ValueTask<SeriesUpdate> FetchAsync(string symbol, long newerThan, CancellationToken cancellation) =>
            new(!TryGetValue(symbol, out var closes) ? new SeriesUpdate(SeriesStatus.Unknown, null)
                : newerThan >= 1 ? new SeriesUpdate(SeriesStatus.Unchanged, null)
                : new SeriesUpdate(SeriesStatus.Updated, Histories.Of(symbol, closes)));
    }

    /// <summary>RATE has been published every day; LATE began when the prices had long begun.</summary>
    sealed class Rates : IMacroSource
    {
        public string Name => "rates";

        public Task<ImmutableArray<MacroObservation>?> FetchAsync(string series, CancellationToken cancellation)
        {
            var random = new Random(3);
            var first = series == "LATE" ? 1_000 : 0;
            return Task.FromResult<ImmutableArray<MacroObservation>?>([.. Enumerable.Range(first, Histories.EdgeSessions)
                .Select(day => new MacroObservation(Histories.First.AddDays(day), (decimal)random.NextDouble(),
                    new(Histories.First.AddDays(day), default, TimeSpan.Zero)))]);
        }
    }

    /// <summary>The logistic trainer behind a gate.</summary>
    sealed class GatedTrainer : IModelTrainer
    {
        readonly LogisticTrainer _inner = new(10);
        readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        volatile TaskCompletionSource? _gate;
        int _fits;
        int _loads;

        public string Method => _inner.Method;
        public ImmutableArray<TrainerSettings> Candidates => _inner.Candidates;
        public int Fits => Volatile.Read(ref _fits);
        public int Loads => Volatile.Read(ref _loads);
        public Exception? Failure { get; set; }
        public Task Waiting => _waiting.Task;
        public Task Cancelled => _cancelled.Task;

        public void Open() => _gate?.TrySetResult();
        public void Close() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IFittedModel Fit(Sample train, TrainerSettings settings, int seed, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _fits);
            if (Failure is not null) throw Failure;
            _waiting.TrySetResult();
            using var ended = cancellation.Register(() => _cancelled.TrySetResult());
            _gate?.Task.Wait(cancellation);
            return _inner.Fit(train, settings, seed, cancellation);
        }

        public IFittedModel Load(string saved)
        {
            Interlocked.Increment(ref _loads);
            return _inner.Load(saved);
        }
    }
}
