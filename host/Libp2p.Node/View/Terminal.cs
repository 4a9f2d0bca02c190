using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Libp2p.Node.View;

/// <summary>What is known of the terminal, if any, that this process writes to.</summary>
/// <param name="OutputRedirected">Standard output is none.</param>
/// <param name="ErrorsRedirected">Standard error is none.</param>
/// <param name="Ansi">It understands escape sequences.</param>
/// <param name="Utf8">It shows UTF-8.</param>
/// <param name="Foreground">It listens to this process: not to a job in the background, which it stops for reading keys.</param>
internal sealed record Terminal(bool OutputRedirected, bool ErrorsRedirected, bool Ansi, bool Utf8, bool Foreground)
{
    public static Terminal Current()
    {
        // A console of Windows is told to show UTF-8 once the view begins.
        var utf8 = OperatingSystem.IsWindows() || Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage;
        var ansi = OperatingSystem.IsWindows()
            ? AnsiConsole.Console.Profile.Capabilities.Ansi
            : Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        return new Terminal(Console.IsOutputRedirected, Console.IsErrorRedirected, ansi, utf8, IsForeground());
    }

    /// <summary>Whether a live view can be shown, and nothing asks for lines. Logs that are wanted in full need standard error for themselves.</summary>
    public bool Shows(Settings settings, bool plain) =>
        !plain && !settings.Json && !OutputRedirected && Ansi && Utf8 && Foreground && (!settings.Verbose || ErrorsRedirected);

    /// <summary>The colours that may be used: <c>NO_COLOR</c> is heeded.</summary>
    public static ColorSystem Colors() => AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes }).Profile.Capabilities.ColorSystem;

    public static (int Width, int Height) Size()
    {
        try
        {
            // Terminals without a size, as over a serial line, say 0.
            return (Console.WindowWidth is > 0 and var width ? width : 80, Console.WindowHeight is > 0 and var height ? height : 24);
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }

    /// <summary>Whether the terminal listens to this process.</summary>
    public static bool IsForeground()
    {
        if (OperatingSystem.IsWindows()) return true;

        // -1: not the terminal that controls this process, and so without jobs.
        var foreground = TcGetPGrp(1);
        return foreground == -1 || foreground == GetPGrp();
    }

    /// <summary>Stops this process, as Ctrl+Z does to a program that does not look; returns once its shell lets it go on.</summary>
    public static void Suspend()
    {
        const int LinuxStop = 19;
        const int BsdStop = 17;

        // To this thread: sent to the process, it might be another that takes it, and this one goes on for a moment.
        _ = Raise(OperatingSystem.IsLinux() ? LinuxStop : BsdStop);
    }

    [DllImport("libc", EntryPoint = "raise")]
    private static extern int Raise(int signal);

    [DllImport("libc", EntryPoint = "tcgetpgrp")]
    private static extern int TcGetPGrp(int descriptor);

    [DllImport("libc", EntryPoint = "getpgrp")]
    private static extern int GetPGrp();
}
