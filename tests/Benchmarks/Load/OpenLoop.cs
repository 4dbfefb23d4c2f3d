using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HdrHistogram;

namespace Trading.Benchmarks.Load;

/// <summary>Requests that leave at their scheduled instants, whether or not earlier ones were answered: keep-alive connections, one
/// request on each at a time, all served by one thread. Latency counts from the scheduled instant, so that a server that stands still
/// is charged for every request that had to wait.</summary>
sealed unsafe class OpenLoop(int port, Mix mix, int connections = 256)
{
    const int EventsAtOnce = 64;
    const int BufferSize = 256 * 1024;
    const long LongestLatency = 60_000_000; // µs
    const int Digits = 3;

    readonly List<Connection> _all = [];
    readonly Stack<Connection> _idle = new();
    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    readonly List<LongHistogram> _seconds = [];
    long _answered, _begun;
    int _poll;

    /// <summary>What is sent is decided by the schedule alone; after it, answers are waited for at most this long.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <param name="rate">Requests a second, evenly spaced.</param>
    public OpenLoopResult Run(double rate, TimeSpan duration)
    {
        _seconds.Clear();
        _answered = 0;
        Connect();
        var ticksEach = Stopwatch.Frequency / rate;
        var due = (long)(rate * duration.TotalSeconds);
        var begun = _begun = Stopwatch.GetTimestamp();
        var end = begun + (long)((duration + Patience).TotalSeconds * Stopwatch.Frequency);
        long sent = 0;
        while (_answered < due)
        {
            var now = Stopwatch.GetTimestamp();
            if (now > end) break;
            for (; sent < due && _idle.Count > 0 && At(sent) <= now; sent++) Send(_idle.Pop(), sent, At(sent));
            Serve(sent < due && _idle.Count > 0 ? At(sent) - Stopwatch.GetTimestamp() : Stopwatch.Frequency / 100);
        }

        var elapsed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var result = new OpenLoopResult(
            begun, _answered, _answered / Math.Max(elapsed, duration.TotalSeconds), due - _answered, [.. _seconds]);
        Disconnect();
        return result;

        long At(long n) => begun + (long)(n * ticksEach);
    }

    void Connect()
    {
        _poll = Native.CreatePoll(0);
        for (var n = 0; n < connections; n++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Loopback, port);
            var connection = new Connection(socket);
            var readable = new Native.PackedEvent { Events = Native.Readable, Data = (ulong)n };
            if (Native.ControlPoll(_poll, Native.Add, connection.Descriptor, ref readable) != 0) throw new IOException("epoll_ctl");
            _all.Add(connection);
            _idle.Push(connection);
        }
    }

    void Disconnect()
    {
        foreach (var connection in _all) connection.Socket.Dispose();
        _ = Native.Close(_poll);
        _all.Clear();
        _idle.Clear();
    }

    void Send(Connection connection, long n, long scheduled)
    {
        (connection.Request, connection.Scheduled) = (n, scheduled);
        var request = mix.RequestAt(n);
        fixed (byte* bytes = request)
            if (Native.Send(connection.Descriptor, bytes, request.Length, Native.NoSignal) != request.Length)
                throw new IOException("A request was not sent whole.");
    }

    void Serve(long ticks)
    {
        var events = stackalloc Native.PackedEvent[EventsAtOnce];
        var wait = new Native.TimeSpec { Nanoseconds = Math.Clamp(ticks * 1_000_000_000 / Stopwatch.Frequency, 0, 10_000_000) };
        var ready = Native.WaitPoll(_poll, events, EventsAtOnce, ref wait, 0);
        for (var n = 0; n < ready; n++) Receive(_all[(int)events[n].Data]);
    }

    /// <summary>An answer is whole when as many bytes came as its head says; most come in one piece.</summary>
    void Receive(Connection connection)
    {
        fixed (byte* bytes = _buffer)
        {
            var read = (int)Native.Receive(connection.Descriptor, bytes, BufferSize, Native.DontWait);
            if (read <= 0) throw new IOException("The server closed a connection.");
            var piece = _buffer.AsSpan(0, read);
            if (!connection.IsWhole(piece)) return;
            mix.Answered(connection.Request, piece);
        }

        var latency = Stopwatch.GetElapsedTime(connection.Scheduled);
        SecondOf(connection.Scheduled).RecordValue(Math.Min(LongestLatency, (long)latency.TotalMicroseconds));
        _answered++;
        _idle.Push(connection);
    }

    LongHistogram SecondOf(long scheduled)
    {
        var second = (int)((scheduled - _begun) / Stopwatch.Frequency);
        while (_seconds.Count <= second) _seconds.Add(new LongHistogram(LongestLatency, Digits));
        return _seconds[second];
    }

    sealed class Connection(Socket socket)
    {
        const long InChunks = -1; // whose last is empty
        long _missing;

        public Socket Socket => socket;

        public int Descriptor { get; } = (int)socket.SafeHandle.DangerousGetHandle();

        public long Request { get; set; }

        public long Scheduled { get; set; }

        /// <summary>Whether the answer ends with this piece of it.</summary>
        public bool IsWhole(ReadOnlySpan<byte> piece)
        {
            if (_missing == 0) _missing = AnswerLength(piece);
            if (_missing == InChunks)
            {
                if (!piece.EndsWith("0\r\n\r\n"u8)) return false;
                _missing = 0;
                return true;
            }

            _missing -= piece.Length;
            return _missing == 0;
        }

        /// <summary>Head and body. A status that is not 200 ends the run: it would measure errors.</summary>
        static long AnswerLength(ReadOnlySpan<byte> piece)
        {
            if (!piece.StartsWith("HTTP/1.1 200"u8))
                throw new InvalidDataException(System.Text.Encoding.UTF8.GetString(piece[..Math.Min(piece.Length, 2_000)]));
            var head = piece.IndexOf("\r\n\r\n"u8);
            if (head < 0) throw new InvalidDataException("An answer whose head does not come in one piece.");
            var length = piece[..head].IndexOf("Content-Length: "u8);
            if (length < 0) return InChunks;
            System.Buffers.Text.Utf8Parser.TryParse(piece[(length + 16)..], out long content, out _);
            return head + 4 + content;
        }
    }
}

/// <param name="Begun">The timestamp at which the first request was due.</param>
/// <param name="Answered">In all.</param>
/// <param name="Achieved">Answers a second.</param>
/// <param name="Unanswered">Scheduled, and not answered within <see cref="OpenLoop.Patience"/> of the end.</param>
/// <param name="Seconds">For each second of the schedule the latencies of what was due in it: µs from the scheduled instant to the
/// last byte.</param>
sealed record OpenLoopResult(long Begun, long Answered, double Achieved, long Unanswered, LongHistogram[] Seconds)
{
    /// <summary>The seconds in which, and in the one before, the machine did not stall.</summary>
    public IEnumerable<LongHistogram> Still(IReadOnlyCollection<long> stalls) => Seconds.Where((_, second) =>
        !stalls.Any(stall => (stall - Begun) / (double)Stopwatch.Frequency is var at && at > second - 1 && at < second + 1));
}
