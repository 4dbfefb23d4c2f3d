using System.Reflection;
using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>Takes a call through the silo's filters, then the grain's own, then into the grain.</summary>
sealed class FilteredCall<T>(GrainCall call, Activation activation, Func<ValueTask<T>> invoke) : IIncomingGrainCallContext
{
    int _next;

    public object Grain => activation.Instance!;
    public IGrainContext TargetContext => activation;
    public GrainId? SourceId => call.Source?.GrainId;
    public GrainId TargetId => activation.GrainId;
    public string InterfaceName => call.Method.InterfaceType.FullName!;
    public string MethodName => call.Method.Name;
    public MethodInfo InterfaceMethod => call.Method.Info;
    public object? Result { get; set; }

    public MethodInfo ImplementationMethod
    {
        get
        {
            var map = activation.Class.Implementation.GetInterfaceMap(InterfaceMethod.DeclaringType!);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, InterfaceMethod)];
        }
    }

    public async Task Invoke()
    {
        var filters = activation.Silo.Filters;
        var turn = _next++;
        if (turn < filters.Length) await filters[turn].Invoke(this);
        else if (turn == filters.Length && Grain is IIncomingGrainCallFilter own) await own.Invoke(this);
        else Result = await invoke();
    }
}
