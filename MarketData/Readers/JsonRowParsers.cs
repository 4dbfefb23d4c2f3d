using System.Text.Json;
using System.Text.Unicode;

namespace Trading.MarketData;

/// <summary>Bars as JSON objects, one per line.</summary>
sealed class NdJsonRowParser(BarRows rows) : LineParser(rows)
{
    protected override void ParseLine(ReadOnlySpan<byte> line, bool cut) => JsonRecord.Read(line, Line, null, cut, Rows);
}

/// <summary>Bars as one JSON array. A bad record harms no other one; where the array itself is broken, reading
/// stops.</summary>
sealed class JsonArrayRowParser(BarRows rows) : RowParser(rows)
{
    enum Expected
    {
        Array,
        FirstRecord,
        Record,
        Separator,
        Nothing,
    }

    Expected _expected;
    bool _started;
    long _line = 1, _index;

    public override int Parse(ReadOnlySpan<byte> input, bool last)
    {
        if (!_started && input.Length < CsvLine.Mark.Length && !last) return 0;
        var at = !_started && input.StartsWith(CsvLine.Mark) ? CsvLine.Mark.Length : 0;
        _started = true;
        while (!Stopped)
        {
            at += SkipSpace(input[at..]);
            if (at == input.Length)
            {
                if (last && _expected != Expected.Nothing)
                    Break("truncated", "the input ends before the end of the array");
                return at;
            }

            if (_expected is Expected.FirstRecord or Expected.Record && input[at] == '{')
            {
                var length = RecordLength(input[at..]);
                if (length > MaxRowBytes || (length < 0 && input.Length - at > MaxRowBytes))
                    Break("line_length", $"the record is longer than {MaxRowBytes} bytes; reading stopped here");
                else if (length >= 0) TakeRecord(input.Slice(at, length));
                else if (last) Break("truncated", "the input ends inside this record");
                else return at;
                at += Math.Max(length, 0);
            }
            else TakeMark(input[at++]);
        }

        return input.Length;
    }

    void TakeRecord(ReadOnlySpan<byte> record)
    {
        if (Utf8.IsValid(record)) JsonRecord.Read(record, _line, _index, cut: false, Rows);
        else Rows.Reject("utf8", "the record is not UTF-8", _line, _index);
        _index++;
        _line += record.Count((byte)'\n');
        _expected = Expected.Separator;
    }

    void TakeMark(byte mark)
    {
        switch (_expected, (char)mark)
        {
            case (Expected.Array, '['): _expected = Expected.FirstRecord; break;
            case (Expected.FirstRecord or Expected.Separator, ']'): _expected = Expected.Nothing; break;
            case (Expected.Separator, ','): _expected = Expected.Record; break;
            case (Expected.Nothing, _): Break("json", "something follows the end of the array"); break;
            case (Expected.Separator, _): Break(
                "json", "a comma or the end of the array was expected; reading stopped here"); break;
            case (Expected.Array, _): Break("json", "the input is not an array"); break;
            default: Break("json", "an element of the array is not an object; reading stopped here"); break;
        }
    }

    void Break(string rule, string message)
    {
        Rows.Reject(rule, message, _line, _expected is Expected.FirstRecord or Expected.Record ? _index : null);
        Stop();
    }

    int SkipSpace(ReadOnlySpan<byte> input)
    {
        var length = input.IndexOfAnyExcept(" \t\r\n"u8);
        if (length < 0) length = input.Length;
        _line += input[..length].Count((byte)'\n');
        return length;
    }

    /// <summary>The length of the object at the start, by its braces; negative where its end is not there.</summary>
    static int RecordLength(ReadOnlySpan<byte> input)
    {
        var depth = 0;
        var quoted = false;
        for (var at = 0; at < input.Length; at++)
        {
            var mark = input[at];
            if (mark == '"') quoted = !quoted;
            else if (quoted) at += mark == '\\' ? 1 : 0;
            else if (mark == '{') depth++;
            else if (mark == '}' && --depth == 0) return at + 1;
        }

        return -1;
    }
}

/// <summary>One bar as a JSON object. Numbers may stand as numbers or as text.</summary>
static class JsonRecord
{
    static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    /// <param name="index">The element of an array; null in other inputs.</param>
    public static void Read(ReadOnlySpan<byte> record, long line, long? index, bool cut, BarRows rows)
    {
        rows.Begin(line, index);
        try
        {
            var json = new Utf8JsonReader(record, Options);
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject) ReadProperties(ref json, rows);
            else rows.Fault("row", "json", "it is not an object");
            while (json.Read()) json.Skip(); // only white space may follow
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            cut &= record[^1] != '}';
            var at = broken is JsonException { BytePositionInLine: { } position } ? $" at byte {position}" : "";
            rows.Fault(
                "row", cut ? "truncated" : "json", cut ? "the input ends inside this record" : $"it is not JSON{at}");
        }

        rows.End();
    }

    static void ReadProperties(ref Utf8JsonReader json, BarRows rows)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref json);
            if (field == BarField.Unknown)
            {
                if (!rows.IgnoresUnknown) ReportUnknown(json.GetString()!, rows);
                json.Read();
                json.Skip();
                continue;
            }

            if (rows.Has(field)) rows.Fault(BarFields.NameOf(field), "duplicate_column", "the property stands twice");
            json.Read();
            ReadValue(ref json, field, rows);
        }

        foreach (var required in BarFields.Required)
        {
            var name = BarFields.NameOf(required);
            if (!rows.Has(required)) rows.Fault(name, "missing_column", $"there is no property '{name}'");
        }
    }

    static void ReportUnknown(string name, BarRows rows) =>
        rows.Fault(name, "unknown_column", $"the property {FileFindings.Quote(name)} has no meaning here");

    static BarField FieldOf(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("time"u8) || json.ValueTextEquals("date"u8) || json.ValueTextEquals("timestamp"u8))
            return BarField.Time;
        if (json.ValueTextEquals("open"u8)) return BarField.Open;
        if (json.ValueTextEquals("high"u8)) return BarField.High;
        if (json.ValueTextEquals("low"u8)) return BarField.Low;
        if (json.ValueTextEquals("close"u8)) return BarField.Close;
        if (json.ValueTextEquals("volume"u8)) return BarField.Volume;
        if (json.ValueTextEquals("symbol"u8)) return BarField.Symbol;
        return BarFields.Of(json.GetString()!);
    }

    static void ReadValue(ref Utf8JsonReader json, BarField field, BarRows rows)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String when json.ValueIsEscaped:
                Span<byte> text = stackalloc byte[RowParser.MaxRowBytes];
                rows.Set(field, text[..json.CopyString(text)]);
                break;
            case JsonTokenType.String or JsonTokenType.Number:
                rows.Set(field, json.ValueSpan);
                break;
            case JsonTokenType.Null:
                rows.Set(field, []);
                break;
            default:
                rows.Set(field, json.ValueSpan); // true, false, an object or an array: no cell of a bar
                json.Skip();
                break;
        }
    }
}
