using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Trading.MarketData;

/// <summary>What answers for a file that is not in order.</summary>
enum FolderAnswer
{
    /// <summary>Its content, put right on reading.</summary>
    PutRight,
    /// <summary>Its last good content.</summary>
    Older,
    Nothing,
}

/// <summary>Something about a file of the folder that a person should see.</summary>
/// <param name="Since">When it was first seen.</param>
sealed record FolderProblem(string File, string Message, DateTimeOffset Since, FolderAnswer Answers);

/// <summary>A folder of data files as a source (see <see cref="BarFile"/> for their names and forms, <see
/// cref="ActionFile"/> for corporate actions). A question looks at the folder again when a change was reported, or
/// when the last look is older than the poll interval; only files that changed are read. A file that breaks a rule is
/// reported, and its last good content stands; a file that is gone takes its bars with it.</summary>
sealed partial class FolderSource : IBarSource, IDisposable
{
    /// <summary>More files than this are a mistake in the path.</summary>
    public const int MaxFiles = 10_000;

    sealed record Held(FileStamp Stamp, BarFileContent? Content, string? Problem, DateTimeOffset Since);

    static readonly BarFileContent NoBars = new(
        BarInterval.OneDay, FrozenDictionary<string, ImmutableArray<Bar>>.Empty, []);

    readonly Lock _gate = new();
    readonly IDataFolder _folder;
    readonly IInstrumentDirectory _directory;
    readonly TimeSpan _pollInterval;
    readonly TimeProvider _clock;
    readonly ILogger<FolderSource> _log;
    readonly SortedDictionary<string, Held> _files = new(StringComparer.Ordinal);
    Dictionary<(string Symbol, BarInterval Interval), string> _places = [];
    FrozenDictionary<string, ImmutableArray<CorporateAction>> _actions = ActionFile.None;
    DateTimeOffset? _looked;

    internal FolderSource(
        IDataFolder folder, IInstrumentDirectory directory, TimeSpan pollInterval, TimeProvider clock,
        ILogger<FolderSource> log) =>
        (_folder, _directory, _pollInterval, _clock, _log) = (folder, directory, pollInterval, clock, log);

    /// <param name="directory">Where terms come from.</param>
    /// <param name="pollInterval">How old a look at the folder may be where no change is reported.</param>
    public FolderSource(
        string path, IInstrumentDirectory directory, TimeSpan pollInterval, TimeProvider clock,
        ILogger<FolderSource> log)
        : this(new DiskFolder(path), directory, pollInterval, clock, log) { }

    public string Name => "folder";

    /// <summary>Every file that does not answer as it lies there, by name.</summary>
    public ImmutableArray<FolderProblem> Problems
    {
        get
        {
            lock (_gate)
                return
                [
                    .. from file in _files
                       let notes = file.Value.Content?.Notes ?? []
                       let message = file.Value.Problem ?? (notes.IsEmpty ? null : string.Join("; ", notes))
                       where message is not null
                       select new FolderProblem(file.Key, message, file.Value.Since, file.Value switch
                       {
                           { Problem: null } => FolderAnswer.PutRight,
                           { Content: null } => FolderAnswer.Nothing,
                           _ => FolderAnswer.Older,
                       }),
                ];
        }
    }

    /// <summary>Every series that the folder holds now.</summary>
    /// <exception cref="SourceException">The folder cannot be listed.</exception>
    public ImmutableArray<(string Symbol, BarInterval Interval)> List()
    {
        lock (_gate)
        {
            Look(_clock.GetUtcNow());
            return [.. _places.Keys.Order()];
        }
    }

    public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            Look(now);
            if (!_places.TryGetValue((request.Symbol, request.Interval), out var file))
                return Task.FromResult(Missing(request));
            var bars = _files[file].Content!.Bars[request.Symbol].AsSpan();
            while (bars.Length > 0 && BarTimes.End(bars[^1].Time, request.Interval) > now) bars = bars[..^1];
            DateTimeOffset? asOf = bars.Length == 0 ? null : BarTimes.End(bars[^1].Time, request.Interval);
            return Task.FromResult(new BarAnswer(
                true, [.. BarRange.Of(bars, request.From, request.To)], _actions.GetValueOrDefault(request.Symbol, []),
                asOf, null, _directory.Find(request.Symbol)?.Terms));
        }
    }

    /// <summary>A symbol whose own file cannot be read is not unknown.</summary>
    BarAnswer Missing(BarRequest request)
    {
        foreach (var (name, file) in _files)
            if (file is { Content: null, Problem: { } problem } && Path.GetFileNameWithoutExtension(name).Split('_')[0]
                .Equals(request.Symbol, StringComparison.OrdinalIgnoreCase))
                throw new SourceException(Name, SourceFailure.Nonsense, problem);
        return BarAnswer.Unknown;
    }

    void Look(DateTimeOffset now)
    {
        var reported = _folder.TakeChange();
        if (!reported && _looked is { } last && now - last < _pollInterval) return;
        try
        {
            var stamps = _folder.List();
            if (stamps.Length > MaxFiles)
                throw new SourceException(
                    Name, SourceFailure.Nonsense,
                    $"{_folder.Path} holds {stamps.Length} files; it can hold {MaxFiles}");
            foreach (var gone in _files.Keys.Except(stamps.Select(stamp => stamp.Name)).ToArray()) Forget(gone);
            foreach (var stamp in stamps)
                if (!_files.TryGetValue(stamp.Name, out var held) || held.Stamp != stamp)
                    _files[stamp.Name] = Read(stamp, held, now);
            _places = Places();
            _looked = now;
        }
        catch (IOException failure)
        {
            throw new SourceException(Name, SourceFailure.Unreachable, failure.Message, inner: failure);
        }
    }

    void Forget(string file)
    {
        _files.Remove(file);
        if (file == ActionFile.Name) _actions = ActionFile.None;
    }

    Held Read(FileStamp stamp, Held? before, DateTimeOffset now)
    {
        try
        {
            if (stamp.Length > CsvTable.MaxFileBytes)
                return Keep($"the file is larger than {CsvTable.MaxFileBytes >> 20} MiB");
            if (stamp.Name == ActionFile.Name)
            {
                _actions = ActionFile.Parse(_folder.Read(stamp.Name), stamp.Name);
                return new(stamp, NoBars, null, now);
            }

            var content = BarFile.Parse(_folder.Read(stamp.Name), stamp.Name, DateOnly.FromDateTime(now.UtcDateTime));
            if (!content.Notes.IsEmpty) LogNoted(stamp.Name, string.Join("; ", content.Notes));
            return new(stamp, content, null, now);
        }
        catch (Exception failure) when (failure is MarketDataFormatException or IOException)
        {
            return Keep(failure.Message);
        }

        Held Keep(string problem)
        {
            LogRefused(stamp.Name, problem);
            return new(stamp, before?.Content, problem, now);
        }
    }

    /// <summary>Which file answers for a series; a file of its own comes before a column, then the first by
    /// name.</summary>
    Dictionary<(string, BarInterval), string> Places()
    {
        var places = new Dictionary<(string, BarInterval), string>();
        foreach (var (name, file) in _files.Where(file => file.Value.Content is not null)
            .OrderBy(file => file.Value.Content!.Bars.Count > 1))
            foreach (var symbol in file.Content!.Bars.Keys)
                places.TryAdd((symbol, file.Content.Interval), name);
        return places;
    }

    public void Dispose() => _folder.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data file {File} is not taken: {Problem}")]
    partial void LogRefused(string file, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data file {File}: {Note}")]
    partial void LogNoted(string file, string note);
}
