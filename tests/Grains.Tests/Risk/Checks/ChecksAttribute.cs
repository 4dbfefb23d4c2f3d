namespace Trading.Risk.Tests;

/// <summary>Marks the test of a rule; the table in docs/pre-trade-checks.md names it.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ChecksAttribute(RiskRule rule) : Attribute
{
    public RiskRule Rule { get; } = rule;
}
