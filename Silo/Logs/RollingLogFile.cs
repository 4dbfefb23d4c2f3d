using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting;
using Trading.Hosting;

namespace Trading.Logs;

/// <summary>Writes to one file that always has the same name. At the first event of another day, or when it is full, what it
/// holds is set aside under the day it is of (<c>trading_system-20260105.jsonl</c>, then <c>-20260105.1</c>); what was set aside
/// too long ago, or too many files ago, is deleted. Called by one thread. A file that another process writes, or that cannot
/// be written, costs events, never the program.</summary>
sealed class RollingLogFile(string path, ITextFormatter format, LogOptions options, TimeProvider clock) : ILogEventSink, IDisposable
{
    /// <summary>Files of one day that find a name.</summary>
    const int MaxFilesOfADay = 1_000;

    /// <summary>Programs that log beside each other in one folder.</summary>
    const int MaxPrograms = 8;

    static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    readonly string _extension = Path.GetExtension(path);
    string _current = Path.GetFullPath(path);
    StreamWriter? _writer;
    FileStream? _stream, _lock;
    DateOnly _day;

    string Stem => Path.Combine(_folder, Path.GetFileNameWithoutExtension(_current));

    public void Emit(LogEvent logEvent)
    {
        try
        {
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            if (_writer is null) Open(today);
            if (_day != today || _stream!.Length >= options.FileSizeLimit) Roll(today);
            format.Format(logEvent, _writer!);
            _writer!.Flush();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            SelfLog.WriteLine("{0} cannot be written: {1}", _current, failure.Message);
            Close();
        }
    }

    public void Dispose()
    {
        Close();
        _lock?.Dispose();
    }

    void Open(DateOnly today)
    {
        Directory.CreateDirectory(_folder);
        for (var program = 1; ; program++)
            try
            {
                if (_lock is null) _current = NameOf(program);
                _lock ??= new FileStream(
                    $"{_current}.lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
                var begun = File.Exists(_current) ? DateOnly.FromDateTime(File.GetLastWriteTimeUtc(_current)) : today;
                _stream = new FileStream(_current, FileMode.Append, FileAccess.Write, FileShare.Read);
                _writer = new StreamWriter(_stream, Utf8);
                _day = _stream.Length > 0 ? begun : today;
                return;
            }
            catch (IOException) when (program < MaxPrograms)
            {
                // Another program holds the lock; the file itself stays open to readers.
            }
    }

    void Roll(DateOnly today)
    {
        Close();
        if (new FileInfo(_current) is { Exists: true, Length: > 0 }) File.Move(_current, NameFor(_day));
        Trim();
        Open(today);
        _day = today;
    }

    string NameOf(int program) => program == 1
        ? Path.GetFullPath(path)
        : Path.Combine(_folder, $"{Path.GetFileNameWithoutExtension(path)}.{program}{_extension}");

    string NameFor(DateOnly day)
    {
        var name = $"{Stem}-{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}";
        return Enumerable.Range(0, MaxFilesOfADay).Select(number => $"{name}{(number == 0 ? "" : $".{number}")}{_extension}")
            .FirstOrDefault(free => !File.Exists(free)) ?? throw new IOException($"{name} has more than {MaxFilesOfADay} parts.");
    }

    void Trim()
    {
        var oldest = clock.GetUtcNow().UtcDateTime - TimeSpan.FromDays(options.RetentionDays);
        var aside = new DirectoryInfo(_folder).GetFiles($"{Path.GetFileName(Stem)}-*{_extension}")
            .OrderByDescending(file => file.LastWriteTimeUtc).ThenByDescending(file => file.Name, StringComparer.Ordinal).ToArray();
        foreach (var file in aside.Where((file, place) => place >= options.RetentionFiles || file.LastWriteTimeUtc < oldest)) file.Delete();
    }

    void Close()
    {
        _writer?.Dispose();
        (_writer, _stream) = (null, null);
    }
}
