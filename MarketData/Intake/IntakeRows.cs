using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Trading.MarketData;

/// <summary>Rows out of a stream of bars, with the faults that concern their symbols beside those of the reader.
/// Columns without a meaning are passed over: files of others have some.</summary>
/// <param name="symbol">Of every row; null where each row names its own.</param>
/// <param name="yields">Whether a row that names another symbol is of that one.</param>
/// <param name="stopAtFault">Ends before the first row that has a fault, and reports that one alone.</param>
sealed class IntakeRows(
    Stream input, string? symbol, bool yields = false, bool stopAtFault = false, string name = "the input") : IBarRows
{
    readonly BarReader _reader = new(input, name: name, ignoreUnknown: true);
    readonly FileFindings _findings = new(name);
    readonly HashSet<string> _symbols = new(StringComparer.Ordinal);
    BarRow[] _rows = [];
    string? _last;
    long _good, _bad;

    public async IAsyncEnumerable<ReadOnlyMemory<BarRow>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var batch in _reader.ReadAsync(cancellation))
        {
            var rows = Take(batch.Span);
            if (!rows.IsEmpty) yield return rows;
            if (stopAtFault && HasFault) yield break;
        }
    }

    public RowReport Report()
    {
        ImmutableArray<FieldError> errors =
            [.. _reader.Errors.Concat(_findings.Listed).OrderBy(error => error.Line)
                .ThenBy(error => error.Index ?? long.MaxValue).Take(RowReport.MaxErrors)];
        if (stopAtFault && HasFault)
        {
            errors = [.. errors.Where(error => error.Place == errors[0].Place)];
            return new(
                _good, 1,
                [.. errors.CountBy(error => error.Rule).Select(fault => new FaultCount(fault.Key, fault.Value))],
                errors);
        }

        var faults = _reader.FaultsByRule.Concat(_findings.ByRule).OrderByDescending(fault => fault.Value)
            .ThenBy(fault => fault.Key, StringComparer.Ordinal);
        return new(
            _good, _reader.BadRows + _bad, [.. faults.Select(fault => new FaultCount(fault.Key, fault.Value))],
            errors);
    }

    bool HasFault => _reader.Faults + _findings.Total > 0;

    ReadOnlyMemory<BarRow> Take(ReadOnlySpan<BarRow> batch)
    {
        if (_rows.Length < batch.Length) _rows = new BarRow[batch.Length];
        var fault = stopAtFault && _reader.Faults > 0 ? _reader.Errors[0] : null;
        var count = 0;
        foreach (ref readonly var row in batch)
        {
            if ((fault is not null && !row.IsBefore(fault)) || (stopAtFault && _findings.Total > 0)) break;
            if (SymbolOf(row) is { } found) _rows[count++] = row with { Symbol = found };
        }

        _good += count;
        return _rows.AsMemory(0, count);
    }

    /// <summary>Null where it was reported.</summary>
    string? SymbolOf(in BarRow row)
    {
        var found = row.Symbol ?? symbol;
        if (found is null)
            return Refuse(row, "required", "the row names no symbol, and none is given for all rows");
        if (symbol is not null && !yields && !string.Equals(found, symbol, StringComparison.Ordinal))
            return Refuse(row, "other_symbol", $"the row is of {found}, and {symbol} is given for all rows");
        if (ReferenceEquals(found, _last) || _symbols.Contains(found)) return _last = found;
        if (_symbols.Count == ValidationReport.MaxSymbols)
            return Refuse(row, "max_symbols", $"there are more than {ValidationReport.MaxSymbols} symbols");
        _symbols.Add(found);
        return _last = found;
    }

    string? Refuse(in BarRow row, string rule, string message)
    {
        _bad++;
        _findings.Add("symbol", rule, message, row.Line, row.Index);
        return null;
    }
}
