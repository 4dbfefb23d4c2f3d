using System.Reflection;
using Trading.Portfolios;
using Trading.Tracing;

namespace Trading.Architecture.Tests;

/// <summary>A trace that comes to a grain goes on in whatever the grain asks of others.</summary>
public sealed class TracedTests
{
    [Fact]
    public void EveryCallOfAGrain_IsTraced()
    {
        MethodInfo[] calls = [.. typeof(IPortfolioGrain).Assembly.GetTypes()
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain))).SelectMany(type => type.GetMethods())];

        calls.Length.ShouldBeGreaterThan(90);
        calls.Where(call => call.GetCustomAttribute<TracedAttribute>() is null)
            .Select(call => $"{call.DeclaringType!.Name}.{call.Name}").ShouldBeEmpty();
    }
}
