using System.Buffers;
using System.Buffers.Binary;

namespace Trading.Backtests;

/// <summary>Every order and cancellation in bytes, in the order in which they were decided.</summary>
sealed class DecisionLog
{
    readonly ArrayBufferWriter<byte> _bytes = new();
    readonly List<(long Time, int End)> _moments = [];

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public int Count => _moments.Count;

    /// <summary>What was decided up to a moment, and at it.</summary>
    public ReadOnlySpan<byte> Until(long time) => CountUntil(time) is > 0 and var count ? Bytes[.._moments[count - 1].End] : [];

    public int CountUntil(long time)
    {
        var (low, high) = (0, _moments.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_moments[middle].Time <= time) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    public void Ordered(long now, int account, in OrderRequest request, decimal quantity)
    {
        Write('O');
        Write(now);
        Write(account);
        Write(request.Series);
        Write(quantity);
        Write((int)request.Type);
        Write((int)request.TimeInForce);
        Write(request.LimitPrice ?? -1);
        Write(request.StopPrice ?? -1);
        Write(request.ExpiresAt?.UtcTicks ?? -1);
        Write(request.Parent);
        _moments.Add((now, _bytes.WrittenCount));
    }

    public void Cancelled(long now, int account, int order)
    {
        Write('C');
        Write(now);
        Write(account);
        Write(order);
        _moments.Add((now, _bytes.WrittenCount));
    }

    void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    void Write(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        foreach (var part in bits) Write(part);
    }
}
