using System.ComponentModel;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Trading.Testing;

/// <summary>A fact of every store; skipped with one line in the PostgreSQL classes where no server is installed.</summary>
[XunitTestCaseDiscoverer("Trading.Testing.StoreFactDiscoverer", "Trading.Testing")]
public sealed class StoreFactAttribute : FactAttribute;

public sealed class StoreFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new StoreFactCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), testMethod);
}

public sealed class StoreFactCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never), Obsolete("For deserialization only.")]
    public StoreFactCase() { }

    public StoreFactCase(IMessageSink sink, TestMethodDisplay display, ITestMethod method)
        : base(sink, display, TestMethodDisplayOptions.None, method) { }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.Name.Contains(".Postgres", StringComparison.Ordinal)
            ? new PostgresFactAttribute().Skip
            : base.GetSkipReason(factAttribute);
}
