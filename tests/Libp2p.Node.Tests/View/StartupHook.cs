using System.Runtime.InteropServices;

/// <summary>Run by .NET in a process that <c>DOTNET_STARTUP_HOOKS</c> tells to: lets a test crash the program when it likes.</summary>
internal static class StartupHook
{
    private const int SigUsr1 = 10; // of Linux

    private static PosixSignalRegistration? _registration;

    public static void Initialize() => _registration = PosixSignalRegistration.Create((PosixSignal)SigUsr1, _ => throw new InvalidOperationException("crashed on purpose"));
}
