using System.Runtime.InteropServices;

namespace Trading.Learning;

/// <summary>Whether native code that a trainer needs is on this machine.</summary>
static class NativeLibraries
{
    const string OpenMp = "libgomp.so.1", LightGbm = "lib_lightgbm";

    /// <summary>What is missing and how it is had; null where nothing is.</summary>
    public static string? MissingForLightGbm() => Missing(CanLoad);

    internal static string? Missing(Func<string, bool> canLoad)
    {
        if (OperatingSystem.IsLinux() && !canLoad(OpenMp))
            return $"LightGBM cannot be used: {OpenMp} is missing. On Debian and Ubuntu install the package libgomp1. "
                + "The other methods are not affected.";
        return canLoad(LightGbm)
            ? null
            : $"LightGBM cannot be used: its native library {LightGbm} does not load on this machine. "
                + "The other methods are not affected.";
    }

    static bool CanLoad(string name)
    {
        if (!NativeLibrary.TryLoad(name, typeof(NativeLibraries).Assembly, null, out var handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
