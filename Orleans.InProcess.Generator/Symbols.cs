using Microsoft.CodeAnalysis;

namespace Orleans.InProcess.Generator;

/// <summary>What the generator asks of the compilation.</summary>
static class Symbols
{
    public static bool IsGrainInterface(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Interface && !type.IsGenericType && IsReachable(type) && type.AllInterfaces.Any(one => Is(one, "Orleans.IGrain"));

    public static bool IsGrainClass(INamedTypeSymbol type) =>
        !type.IsAbstract && !type.IsGenericType && IsReachable(type)
        && type.AllInterfaces.Any(one => Is(one, "Orleans.IGrainBase")) && type.AllInterfaces.Any(one => Is(one, "Orleans.IGrain"));

    public static bool Has(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().Any(one => one.AttributeClass is { } type && Is(type, attribute));

    /// <summary>This assembly, and every one that it refers to and that is a part itself.</summary>
    public static IEnumerable<string> Parts(Compilation compilation) =>
        new[] { compilation.Assembly.Identity.Name }.Concat(compilation.SourceModule.ReferencedAssemblySymbols
            .Where(assembly => Has(assembly, "Orleans.ApplicationPartAttribute")).Select(assembly => assembly.Identity.Name));

    static bool Is(INamedTypeSymbol type, string name) => type.ToDisplayString() == name;

    static bool IsReachable(INamedTypeSymbol type)
    {
        for (var level = type; level is not null; level = level.ContainingType)
            if (level.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
                || level.IsFileLocal)
                return false;
        return true;
    }
}
