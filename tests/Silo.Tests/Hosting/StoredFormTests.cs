using System.Text;
using Trading.MarketData;

namespace Trading.Hosting.Tests;

/// <summary>States as earlier versions of the program left them in a database.</summary>
public sealed class StoredFormTests
{
    const string MacroSeries = """
        {"versions":[{"date":"2024-01-01","value":null,"known_at":"2024-01-02T00:00:00+00:00"},{"date":"2024-01-02","value":3.950,"known_at":"2024-01-03T00:00:00.123+00:00"}],"received_at":"2024-01-03T12:00:00+00:00"}
        """;

    [Fact]
    public void EconomicSeries_IsReadAndWrittenAsItAlwaysWas()
    {
        var serializer = new JsonStateSerializer();

        var state = serializer.Deserialize<MacroRecord>(new(Encoding.UTF8.GetBytes(MacroSeries)))!;

        state.Versions.ShouldBe(
        [
            new(new(2024, 1, 1), null, new(2024, 1, 2, 0, 0, 0, TimeSpan.Zero)),
            new(new(2024, 1, 2), 3.95m, new(2024, 1, 3, 0, 0, 0, 123, TimeSpan.Zero)),
        ]);
        serializer.Serialize(state).ToString().ShouldBe(MacroSeries);
    }
}
