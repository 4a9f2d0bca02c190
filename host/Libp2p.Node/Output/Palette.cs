using Spectre.Console;

namespace Libp2p.Node.Output;

/// <summary>The few styles in use, so that the same thing looks the same everywhere.</summary>
internal static class Palette
{
    public static readonly Style Quiet = new(decoration: Decoration.Dim);
    public static readonly Style Title = new(decoration: Decoration.Bold);
    public static readonly Style Accent = new(Color.Aqua);
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Warning = new(Color.Yellow);
    public static readonly Style Bad = new(Color.Red);
}
