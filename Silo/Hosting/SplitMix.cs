namespace Trading.Hosting;

/// <summary>The finalizer of SplitMix64: near numbers come far apart.</summary>
static class SplitMix
{
    public static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
