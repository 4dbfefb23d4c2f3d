using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.Journal;
using Trading.Learning;

namespace Trading.Models;

/// <summary>Every method with settings that was tried for one model, in the journal: hash-chained, append-only, and
/// nobody's to reset. What a training that failed has tried is in it too, without a result.</summary>
sealed class TrialLedger(IJournal journal, string symbol)
{
    const string Recorded = "trials_recorded";

    /// <summary>Trials that are kept at hand.</summary>
    const int MaxNewest = 200;

    readonly string _stream = "trials/" + symbol;
    readonly List<ModelTrial> _newest = [];
    bool _loaded;
    long _sequence;

    public TrialTally Tally { get; private set; } = TrialTally.None;

    public ModelTrials View => new(symbol, Tally.Count, Tally.Fits, Tally.Variance, [.. Enumerable.Reverse(_newest)]);

    public async Task LoadAsync(CancellationToken cancellation)
    {
        if (_loaded) return;
        await foreach (var recorded in journal.ReadAsync(_stream, _sequence, cancellation))
        {
            Take(JsonSerializer.Deserialize(recorded.Payload.Span, TrialJson.Default.TrialsRecorded)!);
            _sequence = recorded.Sequence;
        }

        _loaded = true;
    }

    /// <summary>Records what one training tried; nothing for none.</summary>
    /// <exception cref="JournalConflictException">Somebody else wrote meanwhile.</exception>
    public async Task AppendAsync(ImmutableArray<ModelTrial> trials)
    {
        if (trials.IsEmpty) return;
        var change = new TrialsRecorded([.. trials.Select((trial, i) => trial with { Number = Tally.Count + i + 1 })]);
        var writer = await journal.OpenAsync(_stream, CancellationToken.None);
        if (writer.LastSequence != _sequence) throw new JournalConflictException(_stream, writer.LastSequence + 1);
        _sequence = await writer.AppendAsync(
            new[] { new JournalEntry(Recorded, JsonSerializer.SerializeToUtf8Bytes(change, TrialJson.Default.TrialsRecorded)) },
            CancellationToken.None);
        Take(change);
    }

    /// <summary>What a training that ended with a report tried.</summary>
    public static ImmutableArray<ModelTrial> Of(TrainingReport report, DateTimeOffset now) =>
        [.. report.Trials.Select(trial => new ModelTrial(0, now, trial.Method, trial.Settings, report.Model.Lineage.DataHash,
            trial.LogLoss, trial.Sharpe, trial.Fits))];

    /// <summary>What a training that came to nothing tried.</summary>
    public static ImmutableArray<ModelTrial> Of(IEnumerable<CountingTrainer> trainers, DateTimeOffset now) =>
        [.. from trainer in trainers
            from fit in trainer.Fits.OrderBy(fit => fit.Key, StringComparer.Ordinal)
            select new ModelTrial(0, now, trainer.Method, fit.Key, null, null, null, fit.Value)];

    void Take(TrialsRecorded change)
    {
        foreach (var trial in change.Trials)
        {
            Tally = Tally.With(trial.Sharpe, trial.Fits);
            _newest.Add(trial);
        }

        if (_newest.Count > MaxNewest) _newest.RemoveRange(0, _newest.Count - MaxNewest);
    }
}

/// <summary>One training's entries.</summary>
sealed record TrialsRecorded(ImmutableArray<ModelTrial> Trials);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TrialsRecorded))]
sealed partial class TrialJson : JsonSerializerContext;
