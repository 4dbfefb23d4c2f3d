using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>Messages that are types of the market-data library: what they are between processes, and within one.</summary>
public sealed class LibraryMessagesTests : IDisposable
{
    readonly ServiceProvider _services = new ServiceCollection().AddSerializer(serializer => serializer.AddLibraryMessages()).BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    object? BehindTheWire(Type type, object sample) => typeof(LibraryMessagesTests)
        .GetMethod(nameof(Sent), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(type).Invoke(this, [sample]);

    T? Sent<T>(T message)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(message));
    }

    /// <summary>Every type of the library that a grain interface takes or gives, and what these are made of.</summary>
    static IReadOnlyCollection<Type> Messages()
    {
        var found = new HashSet<Type>();
        foreach (var contract in typeof(ISymbolDataGrain).Assembly.GetTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable))))
            foreach (var method in contract.GetMethods())
                foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)) Visit(type);
        return found;

        void Visit(Type type)
        {
            foreach (var argument in type.GetGenericArguments()) Visit(argument);
            if (!type.Namespace!.StartsWith("Trading", StringComparison.Ordinal) || type.IsGenericType && type.Assembly != typeof(Bar).Assembly) return;
            if (type.Assembly == typeof(Bar).Assembly && !found.Add(type)) return;
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                if (property.PropertyType != type) Visit(property.PropertyType);
        }
    }

    [Fact]
    public void EveryMessage_IsTheSameBehindTheWire_FullAndEmpty()
    {
        var messages = Messages();

        messages.Count.ShouldBeGreaterThan(20);
        foreach (var type in messages)
            foreach (var sample in new[] { Samples.Full(type), Samples.Empty(type) })
                Samples.Differences(sample, BehindTheWire(type, sample)).ShouldBeEmpty(type.Name);
    }

    [Fact]
    public void Outcomes_AndListsOfThem_AreTheSameBehindTheWire()
    {
        var (page, reports) = (Samples.Full(typeof(BarPage)), Samples.Full(typeof(ImmutableArray<SourceReport>)));
        var errors = Outcome.Conflict<BarPage>("time", "not_quarantined", "not now");

        Samples.Differences(page, Sent(Outcome.Done((BarPage)page))!.Value).ShouldBeEmpty();
        Samples.Differences(errors.Errors, Sent(errors)!.Errors).ShouldBeEmpty();
        Samples.Differences(reports, Sent((ImmutableArray<SourceReport>)reports)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryMessageThatIsAnObject_IsHandedOnAsItIs_AloneAndInAnOutcome()
    {
        var copier = _services.GetRequiredService<DeepCopier>();
        foreach (var type in Messages().Where(type => type.IsClass))
        {
            var sample = Samples.Full(type);
            copier.Copy(sample).ShouldBeSameAs(sample);
        }

        var page = (BarPage)Samples.Full(typeof(BarPage));
        copier.Copy(Outcome.Done(page)).Value.ShouldBeSameAs(page);
    }

    [Fact]
    public async Task SeriesOfAGrain_ReachesItsCaller_WithoutACopy_AndBarsReachTheGrain()
    {
        var held = (PriceSeries)Samples.Full(typeof(PriceSeries));
        var feed = new Feed(held);
        await using var silo = await TestSilo.StartAsync(services => services.AddSingleton<ISymbolFeeds>(feed));
        var grain = silo.Grains.GetGrain<ISymbolDataGrain>("A");
        var bars = new IngestedBars("test", BarInterval.OneDay, [Bar.OfClose(default, 1)]);

        (await grain.GetSeriesAsync(0)).Series.ShouldBeSameAs(held);
        await grain.IngestAsync(bars);

        feed.Taken.ShouldBeSameAs(bars);
    }

    sealed class Feed(PriceSeries series) : ISymbolFeeds, ISymbolFeed
    {
        public IngestedBars? Taken { get; private set; }
        public ISymbolFeed Open(string symbol) => this;
        public PriceSeries? Series => series;
        public Task<SeriesStatus> RefreshAsync(CancellationToken cancellation) => Task.FromResult(SeriesStatus.Updated);
        public DataQuality Describe(DateTimeOffset now) => DataQuality.Nothing(series.Symbol, SeriesStatus.Updated);
        public Task<BarPage> ReadAsync(BarQuery query, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<InstrumentReport> DescribeInstrumentAsync(CancellationToken cancellation) => throw new NotSupportedException();
        public Task<InstrumentReport?> ChangeInstrumentAsync(InstrumentChange change, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<ReleaseResult> ReleaseAsync(BarRelease release, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IngestReceipt> IngestAsync(IngestedBars bars, CancellationToken cancellation)
        {
            Taken = bars;
            return Task.FromResult(IngestReceipt.None);
        }
    }
}

/// <summary>Values of any message type, and how two of them differ.</summary>
static class Samples
{
    /// <summary>Everything set, with digits that a careless wire loses.</summary>
    public static object Full(Type type) => Of(type, full: true)!;

    /// <summary>Nothing set that need not be: no optional value, arrays that were never made.</summary>
    public static object Empty(Type type) => Of(type, full: false)!;

    static object? Of(Type type, bool full)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return full ? Of(inner, full) : null;
        if (type == typeof(string)) return full ? "größer \"😀\"" : "";
        if (type == typeof(bool)) return full;
        if (type == typeof(int)) return full ? int.MinValue : 0;
        if (type == typeof(long)) return full ? long.MaxValue : 0L;
        if (type == typeof(double)) return full ? Math.PI * 1e-17 : double.NaN;
        if (type == typeof(decimal)) return full ? 1234567890123456789.123456700m : 0.00m;
        if (type == typeof(DateOnly)) return full ? new DateOnly(2024, 2, 29) : default;
        if (type == typeof(DateTimeOffset)) return full ? new DateTimeOffset(2026, 1, 5, 12, 34, 56, 789, TimeSpan.FromHours(5.5)).AddTicks(1234) : default(DateTimeOffset);
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().ElementAt(full ? ^1 : 0);
        if (ElementOf(type) is { } element) return full ? Array(element, Of(element, full), Of(element, full: element.IsClass)) : Activator.CreateInstance(type);
        var made = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!
            .Invoke([.. from parameter in type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters()
                        select MayBeNull(parameter) && !full ? null : Of(parameter.ParameterType, full)]);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && property.GetIndexParameters().Length == 0))
            if (full) property.SetValue(made, Of(property.PropertyType, full));
        return made;
    }

    static object Array(Type element, params object?[] items)
    {
        var array = System.Array.CreateInstance(element, items.Length);
        items.CopyTo(array, 0);
        return typeof(ImmutableArray).GetMethods().First(method => method is { Name: "Create", IsGenericMethod: true }
                && method.GetParameters() is [{ ParameterType.IsArray: true }]).MakeGenericMethod(element).Invoke(null, [array])!;
    }

    static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? type.GetGenericArguments()[0] : null;

    static bool MayBeNull(ParameterInfo parameter) => new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable;

    /// <summary>Where two values differ, member by member, to the last digit and to whether an array was ever made.</summary>
    public static IEnumerable<string> Differences(object? left, object? right, string path = "")
    {
        if (left is null || right is null || left.GetType() != right.GetType())
            return Equals(left, right) ? [] : [$"{path}: {left ?? "null"} is {right ?? "null"}"];
        var type = left.GetType();
        if (ElementOf(type) is not null)
        {
            var (one, other) = (Items(left), Items(right));
            return one?.Count != other?.Count ? [$"{path}: {one?.Count} items are {other?.Count}"]
                : one is null ? [] : one.SelectMany((item, index) => Differences(item, other![index], $"{path}[{index}]"));
        }

        if (type.Assembly != typeof(Bar).Assembly || type.IsEnum) return Exact(left) == Exact(right) ? [] : [$"{path}: {left} is {right}"];
        return type.GetProperties().Where(property => property.CanWrite)
            .SelectMany(property => Differences(property.GetValue(left), property.GetValue(right), $"{path}.{property.Name}"));
    }

    static List<object?>? Items(object array) => (bool)array.GetType().GetProperty("IsDefault")!.GetValue(array)! ? null : [.. ((IEnumerable)array).Cast<object?>()];

    static string? Exact(object value) => value switch
    {
        double number => BitConverter.DoubleToInt64Bits(number).ToString(System.Globalization.CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
